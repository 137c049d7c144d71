/* Keeps the credentials of one source fresh. */
#include "credentials/provider.h"

#include "base/log.h"

enum {
	ADVISORY_MS_MAX = 15 * 60 * 1000,
	MANDATORY_MS_MAX = 10 * 60 * 1000,
	TRY_AGAIN_PARTS = 20, /* a failed renewal rests a twentieth of the credentials' life */
};

void provider_init(struct provider *provider, const struct credential_source *source,
		   const struct clock *clock)
{
	*provider = (struct provider){.source = *source, .clock = clock};
}

void provider_release(struct provider *provider)
{
	if (provider)
		credentials_release(&provider->current);
}

int64_t provider_advisory_ms(int64_t life_ms)
{
	return MIN_OF(life_ms / 4, ADVISORY_MS_MAX);
}

int64_t provider_mandatory_ms(int64_t life_ms)
{
	return MIN_OF(life_ms / 6, MANDATORY_MS_MAX);
}

void provider_expire(struct provider *provider)
{
	if (provider->current.expires_ms) {
		provider->current.expires_ms = 1;
		provider->next_try_ms = 0;
	}
}

/* How urgent a renewal is. */
enum need { NEED_NONE, NEED_SOON, NEED_NOW, NEED_EXPIRED };

static enum need need_of(const struct provider *provider)
{
	int64_t now = clock_wall_ms(provider->clock);
	int64_t expires = provider->current.expires_ms;
	int64_t life = expires - provider->fetched_ms;

	if (!secret_is_set(&provider->current.access_key_id))
		return NEED_EXPIRED;
	if (!expires)
		return NEED_NONE;
	if (now >= expires)
		return NEED_EXPIRED;
	if (now < provider->next_try_ms)
		return NEED_NONE;
	if (now >= expires - provider_mandatory_ms(life))
		return NEED_NOW;
	return now >= expires - provider_advisory_ms(life) ? NEED_SOON : NEED_NONE;
}

/* The caller holds the turn. */
static bool renew(struct provider *provider, struct error *err)
{
	SCOPED(credentials) struct credentials fresh = {0};
	int64_t life = provider->current.expires_ms - provider->fetched_ms;

	log_debug("aws", "credentials: asking %s", provider->source.name);
	if (!provider->source.fetch(provider->source.ctx, &fresh, err)) {
		if (err->kind == ERROR_CANCELLED)
			return false;
		provider->renewals++;
		provider->last_error = *err;
		provider->next_try_ms =
			clock_wall_ms(provider->clock) + MAX_OF(life, 0) / TRY_AGAIN_PARTS;
		return false;
	}
	provider->renewals++;
	credentials_move(&provider->current, &fresh);
	provider->fetched_ms = clock_wall_ms(provider->clock);
	provider->next_try_ms = 0;
	if (provider->current.expires_ms)
		log_debug("aws", "credentials from %s, valid for %lld s", provider->source.name,
			  (long long)(provider->current.expires_ms - provider->fetched_ms) / 1000);
	else
		log_debug("aws", "credentials from %s, without an end", provider->source.name);
	return true;
}

/* Renews, or sees that another task just did. */
static bool renew_in_turn(struct provider *provider, struct error *err)
{
	int64_t renewals = provider->renewals;
	bool ok;

	if (!provider->turn.loop)
		permits_init(&provider->turn, loop_current(), 1);
	if (!permit_take(&provider->turn, err))
		return false;
	if (provider->renewals != renewals) { /* while this task waited in the queue */
		ok = need_of(provider) != NEED_EXPIRED;
		if (!ok)
			*err = provider->last_error;
		permit_give(&provider->turn);
		return ok;
	}
	provider->renewing = true;
	ok = renew(provider, err);
	provider->renewing = false;
	permit_give(&provider->turn);
	return ok;
}

bool provider_get(struct provider *provider, const struct credentials **credentials,
		  struct error *err)
{
	enum need need = need_of(provider);

	if (need == NEED_SOON && provider->renewing)
		need = NEED_NONE;
	if (need != NEED_NONE && !renew_in_turn(provider, err)) {
		if (err->kind == ERROR_CANCELLED || need_of(provider) == NEED_EXPIRED)
			return false;
		log_warning("aws",
			    "could not renew the credentials yet; the old ones are still valid: %s",
			    err->message);
		*err = (struct error){0};
	}
	*credentials = &provider->current;
	return true;
}
