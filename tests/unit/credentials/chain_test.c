/* Every place of the credential chain, in its order. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials/ini.h"
#include "credentials/sign_in.h"
#include "credentials/sources.h"
#include "server.h"
#include "unit.h"

/* A home folder for one test, with the files of the AWS CLI. */
struct home {
	char path[64];
};

static void home_make(struct home *home)
{
	char folder[128];

	snprintf(home->path, sizeof(home->path), "/tmp/outcrop-home-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home->path));
	snprintf(folder, sizeof(folder), "%s/.aws", home->path);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
}

static void home_write(const struct home *home, const char *name, const char *text)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", home->path, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void home_remove(const struct home *home)
{
	static const char *const names[] = {
		".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
		".aws/sso/cache",
		".aws/sso",
		".aws/config",
		".aws/credentials",
		"token",
		".aws",
	};
	char path[160];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", home->path, names[i]);
		remove(path);
	}
	rmdir(home->path);
}

struct chain_case {
	struct credentials_scene scene;
	struct home home;
	const char *config, *shared;
	void (*act)(struct credentials_scene *scene); /* NULL: act_chain */
	const char *env[8][2];
	bool local;
	enum error_kind kind; /* ERROR_NONE: signs in */
	const char *text;     /* in the source's words, or in the error */
	const char *key;      /* the access key id that it ends with */
};

static void act_chain(struct credentials_scene *scene)
{
	struct chain_case *item = (struct chain_case *)scene;
	struct aws_options options = {.local = item->local};
	SCOPED(env) struct env env = {0};
	struct error err = {0};
	bool ok;

	env_put(&env, STR("HOME"), str_from(item->home.path));
	env_put(&env, STR("AWS_REGION"), STR("us-east-1"));
	env_put(&env, STR("AWS_ENDPOINT_URL"), str_from(scene->server.url));
	env_put(&env, STR("AWS_EC2_METADATA_DISABLED"), STR("true"));
	for (size_t i = 0; i < ARRAY_LEN(item->env) && item->env[i][0]; i++) {
		SCOPED(buf) struct buf value = BUF_INIT;
		const char *text = item->env[i][1];

		if (text[0] == '/') /* a path at the server */
			buf_add_text(&value, scene->server.url);
		if (text[0] == '~') {
			buf_add_text(&value, item->home.path);
			text++;
		}
		buf_add_text(&value, text);
		env_put(&env, str_from(item->env[i][0]), buf_str(&value));
	}
	OWNED(aws_session)
	struct aws_session *session =
		aws_session_new(scene->http, &scene->clock, &env, &options, &err);
	ok = session && aws_session_sign_in(session, &err);
	if (item->kind == ERROR_NONE) {
		ck_assert_msg(ok, "%s", err.message);
		ck_assert_msg(str_contains(aws_session_source(session), str_from(item->text)),
			      "%.*s", STR_ARG(aws_session_source(session)));
		if (item->key)
			ck_assert_str_is(secret_str(&session->provider->current.access_key_id),
					 str_from(item->key));
		return;
	}
	ck_assert(!ok);
	ck_assert_msg(err.kind == item->kind, "%s: %s", error_kind_name(err.kind), err.message);
	ck_assert_msg(str_contains(str_from(err.message), str_from(item->text)), "%s", err.message);
}

static void play_chain(struct chain_case *item, const struct canned_answer *answers, size_t len)
{
	home_make(&item->home);
	if (item->config)
		home_write(&item->home, ".aws/config", item->config);
	if (item->shared)
		home_write(&item->home, ".aws/credentials", item->shared);
	home_write(&item->home, "token", "web.identity.token\n");
	scene_play(&item->scene, answers, len, item->act ? item->act : act_chain);
	home_remove(&item->home);
}

#define ROLE_ANSWER(id)                                                                            \
	{.body = STR_INIT("{\"AssumeRoleResponse\":{\"AssumeRoleResult\":{\"Credentials\":{"       \
			  "\"AccessKeyId\":\"" id "\",\"SecretAccessKey\":\"secret\","             \
			  "\"SessionToken\":\"token\",\"Expiration\":4.1e9}}}}")}
#define KEYS_ANSWER                                                                                \
	{.body = STR_INIT("{\"AccessKeyId\":\"ASIAPLACE\",\"SecretAccessKey\":\"secret\","         \
			  "\"Token\":\"token\",\"Expiration\":\"2099-01-01T00:00:00Z\"}")}

TEST(prefers_the_bearer_token_to_everything)
{
	struct chain_case item = {.env = {{"AWS_BEARER_TOKEN_BEDROCK", "bedrock-token"},
					  {"AWS_ACCESS_KEY_ID", "AKIAENV"},
					  {"AWS_SECRET_ACCESS_KEY", "secret"}},
				  .text = "AWS_BEARER_TOKEN_BEDROCK"};

	play_chain(&item, NULL, 0);
}

TEST(takes_keys_of_the_environment_before_those_of_a_profile)
{
	struct chain_case item = {.env = {{"AWS_ACCESS_KEY_ID", "AKIAENV"},
					  {"AWS_SECRET_ACCESS_KEY", "secret"}},
				  .shared = "[default]\naws_access_key_id = AKIAFILE\n"
					    "aws_secret_access_key = s\n",
				  .text = "environment",
				  .key = "AKIAENV"};

	play_chain(&item, NULL, 0);
}

TEST(says_which_half_of_the_keys_is_missing)
{
	struct chain_case item = {.env = {{"AWS_ACCESS_KEY_ID", "AKIAENV"}},
				  .kind = ERROR_CREDENTIALS,
				  .text = "without AWS_SECRET_ACCESS_KEY"};

	play_chain(&item, NULL, 0);
}

TEST(assumes_the_roles_of_a_profile_one_after_the_other)
{
	const struct canned_answer answers[] = {ROLE_ANSWER("ASIAFIRST"),
						ROLE_ANSWER("ASIASECOND")};
	struct chain_case item = {
		.env = {{"AWS_PROFILE", "review"}},
		.config = "[profile review]\nrole_arn = arn:aws:iam::1:role/second\n"
			  "source_profile = middle\n[profile middle]\n"
			  "role_arn = arn:aws:iam::1:role/first\nsource_profile = base\n"
			  "external_id = e-1\n",
		.shared = "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n",
		.text = "role/second",
		.key = "ASIASECOND"};

	play_chain(&item, answers, 2);
}

TEST(notices_circular_profiles)
{
	struct chain_case item = {.env = {{"AWS_PROFILE", "a"}},
				  .config =
					  "[profile a]\nrole_arn = arn:aws:iam::1:role/a\n"
					  "source_profile = b\n[profile b]\n"
					  "role_arn = arn:aws:iam::1:role/b\nsource_profile = a\n",
				  .kind = ERROR_CONFIG,
				  .text = "circular"};

	play_chain(&item, NULL, 0);
}

TEST(names_the_files_that_lack_a_profile)
{
	struct chain_case item = {.env = {{"AWS_PROFILE", "nobody"}},
				  .kind = ERROR_USAGE,
				  .text = "profile \"nobody\" is neither in"};

	play_chain(&item, NULL, 0);
}

TEST(takes_a_role_for_a_token_file)
{
	const struct canned_answer answers[] = {
		{.body = STR_INIT(
			 "<AssumeRoleWithWebIdentityResponse><AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></AssumeRoleWithWebIdentityResponse>")}};
	struct chain_case item = {.env = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"},
					  {"AWS_ROLE_ARN", "arn:aws:iam::1:role/pod"}},
				  .text = "web identity",
				  .key = "ASIAWEB"};

	play_chain(&item, answers, 1);
}

TEST(refuses_a_token_file_without_a_role)
{
	struct chain_case item = {.env = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"}},
				  .kind = ERROR_CREDENTIALS,
				  .text = "AWS_ROLE_ARN"};

	play_chain(&item, NULL, 0);
}

TEST(names_the_profile_whose_sign_in_has_expired)
{
	struct chain_case item = {
		.env = {{"AWS_PROFILE", "dev"}},
		.config = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\n"
			  "sso_role_name = Dev\n[sso-session corp]\nsso_region = us-east-1\n"
			  "sso_start_url = https://corp.awsapps.com/start\n",
		.kind = ERROR_CREDENTIALS,
		.text = "aws sso login --profile dev"};

	play_chain(&item, NULL, 0);
}

static void write_cached_sign_in(struct credentials_scene *scene)
{
	struct chain_case *item = (struct chain_case *)scene;
	char path[160];

	snprintf(path, sizeof(path), "%s/.aws/sso", item->home.path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/.aws/sso/cache", item->home.path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	/* The SHA-1 of "corp". */
	home_write(&item->home, ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
		   "{\"accessToken\":\"sso-token\",\"expiresAt\":\"2099-01-01T00:00:00Z\"}");
	act_chain(scene);
	ck_assert(server_saw(&scene->server, 0, "x-amz-sso_bearer_token: sso-token\r\n"));
	ck_assert_str_is(server_line(&scene->server, 0),
			 STR("GET /federation/credentials?role_name=Dev&account_id=123456789012"));
}

TEST(takes_keys_for_a_cached_sign_in)
{
	const struct canned_answer answers[] = {
		{.body = STR_INIT(
			 "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\",\"expiration\":4070908800000}}")}};
	struct chain_case item = {
		.env = {{"AWS_PROFILE", "dev"}, {"AWS_ENDPOINT_URL_SSO", "/"}},
		.config = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\n"
			  "sso_role_name = Dev\n[sso-session corp]\nsso_region = us-east-1\n"
			  "sso_start_url = https://corp.awsapps.com/start\n",
		.act = write_cached_sign_in,
		.text = "sign-in of profile \"dev\"",
		.key = "ASIASSO"};

	play_chain(&item, answers, 1);
}

TEST(runs_a_credential_process_in_local_runs_only)
{
	struct chain_case item = {
		.config =
			"[default]\ncredential_process = /bin/echo '{\"Version\": 1, \"AccessKeyId\": \"AKIAPROCESS\", \"SecretAccessKey\": \"s\"}'\n",
		.local = true,
		.text = "credential_process",
		.key = "AKIAPROCESS"};

	play_chain(&item, NULL, 0);
	item.local = false;
	item.kind = ERROR_CREDENTIALS;
	item.text = "in local runs only";
	item.scene = (struct credentials_scene){0};
	play_chain(&item, NULL, 0);
}

TEST(says_that_a_process_failed)
{
	struct chain_case item = {.config = "[default]\ncredential_process = /bin/false\n",
				  .local = true,
				  .kind = ERROR_CREDENTIALS,
				  .text = "ended with status 1"};

	play_chain(&item, NULL, 0);
}

TEST(asks_the_container_with_its_token)
{
	const struct canned_answer answers[] = {{.status = 500, .body = STR_INIT("oops")},
						KEYS_ANSWER};
	struct chain_case item = {.env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "/creds"},
					  {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "~/token"}},
				  .text = "container",
				  .key = "ASIAPLACE"};

	play_chain(&item, answers, 2);
}

TEST(sends_no_container_token_to_a_strange_host)
{
	struct chain_case item = {
		.env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://10.1.2.3/creds"}},
		.kind = ERROR_USAGE,
		.text = "AWS_CONTAINER_CREDENTIALS_FULL_URI"};

	play_chain(&item, NULL, 0);
}

TEST(asks_the_instance_last_with_a_session_token)
{
	const struct canned_answer answers[] = {{.type = "text/plain",
						 .body = STR_INIT("imds-token")},
						{.type = "text/plain", .body = STR_INIT("my-role")},
						KEYS_ANSWER};
	struct chain_case item = {.env = {{"AWS_EC2_METADATA_DISABLED", "false"},
					  {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "/"}},
				  .text = "EC2",
				  .key = "ASIAPLACE"};

	play_chain(&item, answers, 3);
}

TEST(lists_all_that_was_tried_when_nothing_was_found)
{
	struct chain_case item = {.kind = ERROR_CREDENTIALS,
				  .text = "AWS_ACCESS_KEY_ID, role_arn of the profile"};

	play_chain(&item, NULL, 0);
}

TEST(splits_a_command_as_a_shell_would_but_expands_nothing)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	char *words[5];
	struct error err = {0};

	ck_assert(process_split(&arena, STR(" a 'b c' \"d\\\"e\"f \\ g$HOME"), words, 4, &err));
	ck_assert_str_eq(words[0], "a");
	ck_assert_str_eq(words[1], "b c");
	ck_assert_str_eq(words[2], "d\"ef");
	ck_assert_str_eq(words[3], " g$HOME");
	ck_assert_ptr_null(words[4]);
	ck_assert(!process_split(&arena, STR("a b c d e"), words, 4, &err));
	ck_assert(!process_split(&arena, STR("a 'b"), words, 4, &err));
	ck_assert(!process_split(&arena, STR("  "), words, 4, &err));
}

TEST(reads_nested_settings_and_says_where_a_file_is_wrong)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct ini ini = {0};
	struct error err = {0};

	ck_assert(ini_read(&arena,
			   STR("# c\n[services s]\nsts =\n  endpoint_url = http://x\n[profile  a]\n"
			       "Region = eu-west-1 \n"),
			   STR("f"), &ini, &err));
	ck_assert_str_is(ini_get(&ini, STR("services s"), "sts.endpoint_url"), STR("http://x"));
	ck_assert_str_is(ini_get(&ini, STR("profile a"), "region"), STR("eu-west-1"));
	ck_assert(!ini_read(&arena, STR("[a]\nnonsense\n"), STR("f"), &ini, &err));
	ck_assert(str_starts(str_from(err.message), STR("f:2: ")));
}
