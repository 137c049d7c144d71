/* Reserving and settling; a refused call waits for others in flight to turn out cheaper. */
#include "review/budget.h"

#include "base/log.h"

void budget_init(struct budget *budget, struct loop *loop, int64_t calls_max, double cost_max)
{
	*budget = (struct budget){.loop = loop, .calls_max = calls_max, .cost_max = cost_max};
	latch_init(&budget->settled, loop);
}

static bool fits(double spent, double reserved, double worst, double max)
{
	return max < 0 || spent + reserved + worst <= max;
}

static bool refuse_calls(const struct budget *budget, struct error *err)
{
	return error_set(err, ERROR_LIMIT, "%s reached: %lld model calls",
			 log_setting("max-calls", "--max-calls"), (long long)budget->calls_max);
}

static bool refuse_cost(const struct budget *budget, double worst, struct error *err)
{
	return error_set(err, ERROR_LIMIT,
			 "%s reached: %.4f of %.4f spent, and the next call may cost %.4f",
			 log_setting("max-cost-usd", "--max-cost-usd"), budget->spent,
			 budget->cost_max, worst);
}

static bool refuse_agent(const struct spending *agent, double worst, struct error *err)
{
	return error_set(
		err, ERROR_LIMIT,
		"the agent's limits.cost_usd reached: %.4f of %.4f spent, and the next call may cost %.4f",
		agent->spent, agent->cost_max, worst);
}

static bool wait_for_settling(struct budget *budget, struct error *err)
{
	if (budget->settled.open)
		latch_init(&budget->settled, budget->loop);
	return latch_wait(&budget->settled, err);
}

bool budget_reserve(struct budget *budget, const struct budget_request *request,
		    enum stop_cause *cause, struct error *err)
{
	struct spending *agent = request->agent;
	double worst = MAX_OF(request->worst_usd, 0.0);

	for (;;) {
		bool run_fits;
		bool agent_fits;

		if (budget->calls_max > 0 && budget->calls >= budget->calls_max) {
			*cause = STOPPED_CALLS;
			return refuse_calls(budget, err);
		}
		run_fits = fits(budget->spent, budget->reserved, worst, budget->cost_max);
		agent_fits = fits(agent->spent, agent->reserved, worst, agent->cost_max);
		if (run_fits && agent_fits)
			break;
		if (!run_fits && !budget->in_flight) {
			*cause = STOPPED_COST;
			return refuse_cost(budget, worst, err);
		}
		if (!agent_fits && !agent->in_flight)
			return refuse_agent(agent, worst, err);
		if (!wait_for_settling(budget, err))
			return false;
	}
	budget->calls++;
	budget->in_flight++;
	budget->reserved += worst;
	agent->in_flight++;
	agent->reserved += worst;
	return true;
}

void budget_settle(struct budget *budget, struct spending *agent, double worst_usd,
		   double actual_usd)
{
	double worst = MAX_OF(worst_usd, 0.0);
	double actual = actual_usd < 0 ? worst : actual_usd;

	budget->in_flight--;
	budget->reserved = budget->in_flight ? budget->reserved - worst : 0;
	budget->spent += actual;
	agent->in_flight--;
	agent->reserved = agent->in_flight ? agent->reserved - worst : 0;
	agent->spent += actual;
	latch_open(&budget->settled);
}
