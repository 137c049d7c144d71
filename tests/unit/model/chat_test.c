/* Tests of conversations, replies and what tokens cost. */
#include <string.h>

#include "model/model.h"
#include "unit.h"

TEST(a_chat_grows_and_keeps_what_was_added)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct chat chat = {.arena = &arena};

	for (int i = 0; i < 20; i++) {
		struct message *message = chat_add(&chat, i % 2 ? ROLE_ASSISTANT : ROLE_USER);
		for (int j = 0; j <= i; j++)
			message_add_text(&arena, message, arena_printf(&arena, "%d.%d", i, j));
	}
	ck_assert_uint_eq(chat.len, 20);
	ck_assert_int_eq(chat.messages[19].role, ROLE_ASSISTANT);
	ck_assert_uint_eq(chat.messages[19].len, 20);
	ck_assert_str_is(chat.messages[19].blocks[0].text, STR("19.0"));
	ck_assert_str_is(chat.messages[19].blocks[19].text, STR("19.19"));
	ck_assert_str_is(chat.messages[0].blocks[0].text, STR("0.0"));
}

TEST(a_replys_text_is_its_text_blocks_joined)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct reply reply = {0};

	message_add_text(&arena, &reply.message, STR("one "));
	message_add(&arena, &reply.message, BLOCK_REASONING)->text = STR("hidden");
	message_add(&arena, &reply.message, BLOCK_TOOL_USE)->name = STR("search");
	message_add_text(&arena, &reply.message, STR("two"));
	ck_assert_str_is(reply_text(&arena, &reply), STR("one two"));
	ck_assert_ptr_eq(reply_tool_use(&reply, STR("search")), &reply.message.blocks[2]);
	ck_assert_ptr_null(reply_tool_use(&reply, STR("one ")));
}

TEST(a_cost_is_the_sum_of_its_parts)
{
	struct price price = {.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75};
	struct usage usage = {.input = 1000000,
			      .output = 100000,
			      .cache_read = 2000000,
			      .cache_write = 1000000,
			      .cache_write_hour = 500000};

	ck_assert_double_eq_tol(price_cost(&price, &usage), 3 + 1.5 + 0.6 + 1.875 + 3.0, 1e-9);
}

TEST(a_cost_is_unknown_only_when_a_needed_price_is)
{
	struct price price = {.input = 3, .output = 15, .cache_read = -1, .cache_write = -1};
	struct usage usage = {.input = 10, .output = 10};

	ck_assert(price_cost(&price, &usage) > 0);
	usage.cache_read = 1;
	ck_assert(price_cost(&price, &usage) < 0);
	usage = (struct usage){.cache_write = 5, .cache_write_hour = 5};
	ck_assert(price_cost(&price, &usage) < 0);
}

TEST(every_stop_reason_has_a_name)
{
	for (int i = STOP_END; i <= STOP_UNKNOWN; i++)
		ck_assert_uint_gt(strlen(stop_reason_name((enum stop_reason)i)), 0);
	ck_assert_str_eq(stop_reason_name(STOP_MAX_TOKENS), "max_tokens");
}
