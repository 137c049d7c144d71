/* Takes secrets out of the environment, and drops the rights that the command does not need. */
#include "job/confine.h"

#include "credentials/profile.h"
#include "http/http.h"
#include "sandbox/sandbox.h"

/* Variables that libraries read themselves, and the PATH to find a credential_process; no secrets. */
static const char *const kept[] = {
	"HOME",
	"HOSTALIASES",
	"LANG",
	"LC_ALL",
	"LOCALDOMAIN",
	"OPENSSL_CONF",
	"PATH",
	"RES_OPTIONS",
	"TZ",
	"TERM",
	"ASAN_OPTIONS",
	"LSAN_OPTIONS",
	"UBSAN_OPTIONS",
	"TSAN_OPTIONS",
	"LLVM_PROFILE_FILE",
#ifdef OUTCROP_TEST_CLOCK
	"OUTCROP_CLOCK_SCALE",
#endif
};

/* The endings of names whose values are secrets. */
static const struct str secret_ends[] = {
	STR_INIT("TOKEN"),       STR_INIT("TOKEN_BEDROCK"), STR_INIT("SECRET"),
	STR_INIT("PASSWORD"),    STR_INIT("PASSWD"),        STR_INIT("PAT"),
	STR_INIT("_KEY"),        STR_INIT("_KEY_ID"),       STR_INIT("CREDENTIALS"),
	STR_INIT("_PASSPHRASE"), STR_INIT("-KEY"),
};

static bool ends_with(struct str name, struct str end)
{
	return name.len >= end.len && str_eq_nocase(str_skip(name, name.len - end.len), end);
}

static bool is_secret(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(secret_ends); i++) {
		if (ends_with(name, secret_ends[i]))
			return true;
	}
	return false;
}

static void take_secrets(struct env *env)
{
	for (size_t i = 0; i < env->names.len; i++) {
		if (is_secret(env->names.items[i]))
			env_take_secret(env, env->names.items[i].ptr);
	}
	env_clear_process(env, kept, ARRAY_LEN(kept));
}

/* ---- Files ---- */

/* The folders of certificates, host names and the libraries for name lookup. */
static const char *const system_paths[] = {
	"/dev/null",
	"/dev/random",
	"/dev/urandom",
	"/etc/ca-certificates",
	"/etc/crypto-policies",
	"/etc/gai.conf",
	"/etc/host.conf",
	"/etc/hosts",
	"/etc/ld.so.cache",
	"/etc/localtime",
	"/etc/nsswitch.conf",
	"/etc/pki",
	"/etc/resolv.conf",
	"/etc/services",
	"/etc/ssl",
	"/lib",
	"/lib64",
	"/usr/lib",
	"/usr/lib64",
	"/usr/local/share/ca-certificates",
	"/usr/share/ca-certificates",
	"/usr/share/zoneinfo",
};

/* Variables that name a file to read. */
static const char *const read_variables[] = {
	"AWS_CA_BUNDLE",     "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
	"GITHUB_EVENT_PATH", "OPENSSL_CONF",    "SSL_CERT_DIR",
	"SSL_CERT_FILE",
};

/* Variables whose file is replaced while the program runs: its folder is readable. */
static const char *const rotated_variables[] = {
	"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	"AWS_WEB_IDENTITY_TOKEN_FILE",
};

static const char *const written_variables[] = {
	"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE",
#ifdef OUTCROP_TEST_CLOCK
	"OUTCROP_COVERAGE", /* where gcov counts what the tests execute */
#endif
};

struct confinement {
	struct env *env;
	struct arena *arena; /* of paths, which the sandbox borrows */
	struct sandbox sandbox;
	struct profiles profiles;
};

static void allow_folder_of(struct confinement *confinement, struct str file)
{
	struct str folder = str_folder(file);

	if (folder.len)
		rights_allow_path(&confinement->sandbox, arena_text(confinement->arena, folder),
				  SANDBOX_READ);
}

static void allow_variables(struct confinement *confinement, const char *const *names, size_t len,
			    enum sandbox_access access)
{
	for (size_t i = 0; i < len; i++) {
		struct str value = env_get(confinement->env, names[i]);

		if (str_starts(value, STR("~/")))
			value = arena_printf(confinement->arena, "%.*s%.*s",
					     STR_ARG(env_get(confinement->env, "HOME")),
					     STR_ARG(str_skip(value, 1)));
		if (value.len)
			rights_allow_path(&confinement->sandbox,
					  arena_text(confinement->arena, value), access);
	}
}

static void allow_files(struct confinement *confinement)
{
	struct env *env = confinement->env;
	struct sandbox *sandbox = &confinement->sandbox;

	for (size_t i = 0; i < ARRAY_LEN(system_paths); i++)
		rights_allow_path(sandbox, system_paths[i], SANDBOX_READ);
	allow_variables(confinement, read_variables, ARRAY_LEN(read_variables), SANDBOX_READ);
	allow_variables(confinement, written_variables, ARRAY_LEN(written_variables),
			SANDBOX_WRITE);
	for (size_t i = 0; i < ARRAY_LEN(rotated_variables); i++)
		allow_folder_of(confinement, env_get(env, rotated_variables[i]));
	if (env_has(env, "HOME"))
		rights_allow_path(sandbox,
				  arena_printf(confinement->arena, "%.*s/.aws",
					       STR_ARG(env_get(env, "HOME")))
					  .ptr,
				  SANDBOX_READ);
}

/* ---- Ports ---- */

enum { PORT_DNS = 53, PORT_HTTP = 80, PORT_HTTPS = 443, PORT_PROXY = 1080 };

static bool names_a_place(struct str name)
{
	return str_ends(name, STR("_URL")) || str_ends(name, STR("_URI")) ||
	       str_starts(name, STR("AWS_ENDPOINT_URL")) || str_ends(name, STR("_ENDPOINT"));
}

static void allow_ports(struct confinement *confinement)
{
	const struct env *env = confinement->env;
	struct sandbox *sandbox = &confinement->sandbox;

	rights_allow_port(sandbox, PORT_DNS);
	rights_allow_port(sandbox, PORT_HTTP);
	rights_allow_port(sandbox, PORT_HTTPS);
	for (size_t i = 0; i < env->names.len; i++) {
		struct str name = env->names.items[i];
		struct str value = env_get(env, name.ptr);

		if (ends_with(name, STR("_PROXY"))) {
			rights_allow_port(sandbox, PORT_PROXY);
			rights_allow_port(sandbox, url_port(value));
		} else if (names_a_place(name)) {
			rights_allow_port(sandbox, url_port(value));
		}
	}
}

/* Endpoints and token files that the files below ~/.aws name. */
static void allow_settings(struct confinement *confinement, const struct ini *ini)
{
	for (size_t i = 0; i < ini->len; i++) {
		const struct ini_entry *entry = &ini->items[i];

		if (str_ends(entry->name, STR("endpoint_url")))
			rights_allow_port(&confinement->sandbox, url_port(entry->value));
		else if (str_eq(entry->name, STR("web_identity_token_file")))
			allow_folder_of(confinement, entry->value);
		else if (str_eq(entry->name, STR("ca_bundle")))
			rights_allow_path(&confinement->sandbox, entry->value.ptr, SANDBOX_READ);
	}
}

static bool starts_a_process(const struct ini *ini)
{
	for (size_t i = 0; i < ini->len; i++) {
		if (str_eq(ini->items[i].name, STR("credential_process")))
			return true;
	}
	return false;
}

void confine(struct env *env, struct arena *arena, bool is_action)
{
	struct confinement confinement = {.env = env, .arena = arena};
	struct error err;

	take_secrets(env);
	confinement.sandbox.any_file = !is_action;
	confinement.sandbox.complain = is_action ? LOG_NOTICE : LOG_DEBUG;
	/* Errors in these files are reported by the code that uses them. */
	if (!profiles_read(arena, env, &confinement.profiles, &err))
		log_debug("sandbox", "%s", err.message);
	if (!is_action && (starts_a_process(&confinement.profiles.config) ||
			   starts_a_process(&confinement.profiles.credentials))) {
		log_debug("sandbox", "not entered: a profile has a credential_process");
		return;
	}
	allow_files(&confinement);
	allow_ports(&confinement);
	allow_settings(&confinement, &confinement.profiles.config);
	allow_settings(&confinement, &confinement.profiles.credentials);
	sandbox_enter(&confinement.sandbox);
}
