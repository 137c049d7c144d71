/* A model's reply as JSON, for programs. */
#include "output/reply_value.h"
#include "value/put.h"

struct value *reply_value(struct arena *arena, const struct reply *reply, const struct model *model)
{
	double cost = price_cost(reply->price ? reply->price : &model->price, &reply->usage);
	struct value *tree = value_object(arena);
	struct value *usage = value_object(arena);
	struct value *calls = value_array(arena);

	put_text(arena, tree, "text", reply_text(arena, reply));
	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];
		struct value *tool;

		if (block->kind != BLOCK_TOOL_USE)
			continue;
		tool = value_object(arena);
		put_text(arena, tool, "id", block->id);
		put_text(arena, tool, "name", block->name);
		value_set(arena, tool, "input", value_copy(arena, block->input));
		value_append(arena, calls, tool);
	}
	value_set(arena, tree, "tool_calls", calls);
	put_word(arena, tree, "stop_reason", stop_reason_name(reply->stop));
	put_text(arena, tree, "model", reply->model);
	put_int(arena, usage, "input_tokens", reply->usage.input);
	put_int(arena, usage, "output_tokens", reply->usage.output);
	put_int(arena, usage, "cache_read_tokens", reply->usage.cache_read);
	put_int(arena, usage, "cache_write_tokens", reply->usage.cache_write);
	value_set(arena, tree, "usage", usage);
	value_set(arena, tree, "cost_usd", cost < 0 ? value_null(arena) : value_real(arena, cost));
	put_text(arena, tree, "request_id", reply->request_id);
	put_int(arena, tree, "latency_ms", reply->latency_ms);
	return tree;
}
