/* The interface between the engine and what runs models. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/chat.h"

/*
 * Receives what arrives while an answer streams; any member may be NULL.  Called while holding the
 * turn; must not wait.
 */
struct watch {
	void (*sent)(void *ctx);       /* the request is on its way */
	void (*first_byte)(void *ctx); /* from now on the cache can be read */
	void (*text)(void *ctx, struct str text);
	void (*tool_input)(void *ctx, struct str name, struct str fragment); /* JSON, in pieces */
	void (*attempt)(void *ctx, int attempt, const struct error *err,
			int64_t wait_ms); /* will retry */
	/* A failed attempt that is billed; `usage` is what is known of it. */
	void (*billed)(void *ctx, const struct usage *usage);
	/*
	 * True once something was shown that cannot be taken back: a failed attempt is then final.
	 */
	bool (*committed)(void *ctx);
	void *ctx;
};

struct embed_request {
	struct str *texts;
	size_t len;
	int64_t dimensions; /* 0: the model's default */
	struct str
		input_type; /* "search_document", "search_query"...; models that have none ignore it */
	struct chat_origin origin;
};

struct embed_reply {
	float *vectors; /* len × dimensions, in the order of the texts; in the arena */
	size_t len;
	size_t dimensions;
	struct usage usage;
};

/*
 * One attempt.  `ask` fills `reply` in the chat's arena; a stream that ends without its stop event
 * is a failure.  Errors are classified: ERROR_THROTTLED, ERROR_QUOTA, ERROR_SERVER, ERROR_NETWORK,
 * ERROR_TIMEOUT, ERROR_PROTOCOL may be tried again; the others not.  All wait.
 */
struct model_ops {
	bool (*ask)(void *ctx, const struct chat *chat, const struct watch *watch,
		    struct reply *reply, struct error *err);
	bool (*embed)(void *ctx, struct arena *arena, const struct embed_request *request,
		      struct embed_reply *reply, struct error *err);
	bool (*count)(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
		      struct error *err);
};

/* The API that a model is called by. */
enum model_api { MODEL_API_CONVERSE, MODEL_API_MESSAGES };

extern const char *const model_api_names[]; /* ended by NULL, for option and field tables */

/* Plain tools cannot be forced; ANY: some tool can, but none by name. */
enum tool_support { TOOLS_NONE, TOOLS_PLAIN, TOOLS_ANY, TOOLS_FORCED };

/* When a model thinks. */
enum thinks { THINKS_ON_REQUEST, THINKS_BY_DEFAULT, THINKS_ALWAYS };

/* Where a request says how hard to think. */
enum effort_way {
	EFFORT_NONE,
	EFFORT_OUTPUT_CONFIG, /* Claude */
	EFFORT_REASONING,     /* {"reasoning": {"effort": ...}} */
	EFFORT_REASONING_EFFORT,
	EFFORT_NOVA, /* reasoningConfig */
};

/* What a model is assumed to accept until it refuses. */
struct model_traits {
	struct str family;        /* claude, nova, llama...; or empty */
	int64_t cache_tokens_min; /* 0: no prompt caching */
	int cache_points_max;
	enum tool_support tools;
	bool streaming_tools;
	bool system_text;
	bool mixed_turns; /* text beside tool calls, or beside their results, in one message */
	bool structured_output;
	bool strict_tools;           /* the answer tool can be sent with `strict` */
	enum thinking_kind thinking; /* the kind that it knows; THINKING_OFF: none */
	enum thinks thinks;
	enum effort_way effort;
	struct str effort_max;  /* the highest that it takes; empty: no limit is known */
	int64_t tokens_percent; /* of its tokenizer, 100: a token for four bytes; 0: as 100 */
	int64_t context_tokens;
	int64_t output_tokens_max;
};

/* Of an unknown model: everything is tried, and what it refuses is left out from then on. */
#define MODEL_TRAITS_UNKNOWN                                                                       \
	{.tools = TOOLS_FORCED,                                                                    \
	 .streaming_tools = true,                                                                  \
	 .system_text = true,                                                                      \
	 .mixed_turns = true,                                                                      \
	 .context_tokens = 128000}

/* Tokens of so many bytes of text by the model's tokenizer, estimated. */
int64_t model_tokens(const struct model_traits *traits, int64_t bytes);

/*
 * The default limit of an answer, in tokens.  Thoughts count against it, so it is larger for models that think
 * by default.
 */
int64_t model_max_tokens_default(const struct model_traits *traits);

/* USD per million tokens; negative: unknown. */
struct price {
	double input, output, cache_read, cache_write;
	double cache_write_hour; /* an entry of one hour; 0: 1.6 times one of five minutes */
	int64_t long_tokens; /* calls with more input cost the factors below; 0: all cost the same */
	double long_input, long_output;
};

/*
 * A model that can be called, with its wrappers. Borrowed by the engine.
 */
struct model {
	struct str alias; /* as configuration names it; else the id */
	struct str id;    /* model id, profile id or ARN: opaque */
	struct str region;
	struct model_traits traits;
	struct price price;
	struct price price_max; /* of its fallbacks, the highest of each; zeroed: none is higher */
	struct inference inference; /* defaults of the models table */
	int64_t dimensions;         /* of an embedder's vectors; 0: the model's own */
	bool cache;                 /* cache: auto */
	bool stream;
	const struct model_ops *ops;
	void *ctx;
};

/*
 * What the usage of one call costs, or a negative number when a price that it needs is unknown.  All
 * input counts towards the step, whether it was read from the cache or not.
 */
double price_cost(const struct price *price, const struct usage *usage);

/* Raises each price of `max` to that of `other`; an unknown one makes it unknown. */
void price_raise(struct price *max, const struct price *other);

/* Multiplies all prices, for a service tier. */
void price_scale(struct price *price, double factor);

/* The most that a call of so many tokens can cost: all of its input is written to the cache. */
double price_worst(const struct price *price, int64_t input_tokens, int64_t output_tokens);

/* Input and output have a price: enough to bound what a call may cost. */
bool price_known(const struct price *price);

bool model_ask(const struct model *model, const struct chat *chat, const struct watch *watch,
	       struct reply *reply, struct error *err) MUST_USE;

/*
 * The same for a caller that wants the whole answer: a reply that was stopped by max_tokens is
 * asked for once more with four times as much (`chat` keeps the larger limit).  ERROR_MODEL when it
 * is cut again, or cannot be enlarged.  The usage is that of both calls.
 */
bool model_ask_whole(const struct model *model, struct chat *chat, const struct watch *watch,
		     struct reply *reply, struct error *err) MUST_USE;

/* ERROR_CONFIG when the model makes no embeddings. */
bool model_embed(const struct model *model, struct arena *arena,
		 const struct embed_request *request, struct embed_reply *reply,
		 struct error *err) MUST_USE;

/* ERROR_CONFIG when the model cannot count; *estimated is set when the number is not exact. */
bool model_count(const struct model *model, const struct chat *chat, int64_t *tokens,
		 bool *estimated, struct error *err) MUST_USE;

#endif
