/* A model's reply as JSON, for programs. */
#include "output/reply_value.h"

struct value *reply_value(struct arena *arena, const struct reply *reply, const struct model *model)
{
	double cost = price_cost(reply->price ? reply->price : &model->price, &reply->usage);
	struct value *tree = value_object(arena);
	struct value *usage = value_object(arena);
	struct value *calls = value_array(arena);

	value_set(arena, tree, "text", value_string(arena, reply_text(arena, reply)));
	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];
		struct value *tool;

		if (block->kind != BLOCK_TOOL_USE)
			continue;
		tool = value_object(arena);
		value_set(arena, tool, "id", value_string(arena, block->id));
		value_set(arena, tool, "name", value_string(arena, block->name));
		value_set(arena, tool, "input", value_copy(arena, block->input));
		value_append(arena, calls, tool);
	}
	value_set(arena, tree, "tool_calls", calls);
	value_set(arena, tree, "stop_reason", value_text(arena, stop_reason_name(reply->stop)));
	value_set(arena, tree, "model", value_string(arena, reply->model));
	value_set(arena, usage, "input_tokens", value_int(arena, reply->usage.input));
	value_set(arena, usage, "output_tokens", value_int(arena, reply->usage.output));
	value_set(arena, usage, "cache_read_tokens", value_int(arena, reply->usage.cache_read));
	value_set(arena, usage, "cache_write_tokens", value_int(arena, reply->usage.cache_write));
	value_set(arena, tree, "usage", usage);
	value_set(arena, tree, "cost_usd", cost < 0 ? value_null(arena) : value_real(arena, cost));
	value_set(arena, tree, "request_id", value_string(arena, reply->request_id));
	value_set(arena, tree, "latency_ms", value_int(arena, reply->latency_ms));
	return tree;
}
