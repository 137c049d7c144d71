/* Which hosts model text may link to, and which languages its code blocks may name. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "output/sanitize_parts.h"

/*
 * References that explain a finding, kept by their own publishers: what a stranger can write there cannot
 * be reached by an address alone.  Keep sorted.
 */
static const struct str hosts[] = {
	STR_INIT("cheatsheetseries.owasp.org"),
	STR_INIT("cwe.mitre.org"),
	STR_INIT("datatracker.ietf.org"),
	STR_INIT("developer.mozilla.org"),
	STR_INIT("doc.rust-lang.org"),
	STR_INIT("docs.aws.amazon.com"),
	STR_INIT("docs.docker.com"),
	STR_INIT("docs.github.com"),
	STR_INIT("docs.oracle.com"),
	STR_INIT("docs.python.org"),
	STR_INIT("en.cppreference.com"),
	STR_INIT("git-scm.com"),
	STR_INIT("go.dev"),
	STR_INIT("kubernetes.io"),
	STR_INIT("learn.microsoft.com"),
	STR_INIT("man7.org"),
	STR_INIT("nodejs.org"),
	STR_INIT("nvd.nist.gov"),
	STR_INIT("owasp.org"),
	STR_INIT("peps.python.org"),
	STR_INIT("pubs.opengroup.org"),
	STR_INIT("react.dev"),
	STR_INIT("www.postgresql.org"),
	STR_INIT("www.rfc-editor.org"),
	STR_INIT("www.sqlite.org"),
	STR_INIT("www.w3.org"),
};

/* Names of languages that GitHub only colors.  Keep sorted. */
static const struct str languages[] = {
	STR_INIT("asm"),        STR_INIT("awk"),        STR_INIT("bash"),
	STR_INIT("c"),          STR_INIT("c#"),         STR_INIT("c++"),
	STR_INIT("clojure"),    STR_INIT("cmake"),      STR_INIT("console"),
	STR_INIT("cpp"),        STR_INIT("cs"),         STR_INIT("csharp"),
	STR_INIT("css"),        STR_INIT("dart"),       STR_INIT("diff"),
	STR_INIT("dockerfile"), STR_INIT("elixir"),     STR_INIT("erlang"),
	STR_INIT("fsharp"),     STR_INIT("go"),         STR_INIT("gradle"),
	STR_INIT("graphql"),    STR_INIT("groovy"),     STR_INIT("haskell"),
	STR_INIT("hcl"),        STR_INIT("html"),       STR_INIT("http"),
	STR_INIT("ini"),        STR_INIT("java"),       STR_INIT("javascript"),
	STR_INIT("js"),         STR_INIT("json"),       STR_INIT("jsonc"),
	STR_INIT("jsx"),        STR_INIT("julia"),      STR_INIT("kotlin"),
	STR_INIT("less"),       STR_INIT("lua"),        STR_INIT("make"),
	STR_INIT("makefile"),   STR_INIT("nginx"),      STR_INIT("nix"),
	STR_INIT("objc"),       STR_INIT("ocaml"),      STR_INIT("patch"),
	STR_INIT("perl"),       STR_INIT("php"),        STR_INIT("plaintext"),
	STR_INIT("powershell"), STR_INIT("properties"), STR_INIT("proto"),
	STR_INIT("protobuf"),   STR_INIT("py"),         STR_INIT("python"),
	STR_INIT("r"),          STR_INIT("rb"),         STR_INIT("rs"),
	STR_INIT("ruby"),       STR_INIT("rust"),       STR_INIT("scala"),
	STR_INIT("scss"),       STR_INIT("sh"),         STR_INIT("shell"),
	STR_INIT("solidity"),   STR_INIT("sql"),        STR_INIT("svelte"),
	STR_INIT("swift"),      STR_INIT("terraform"),  STR_INIT("text"),
	STR_INIT("tf"),         STR_INIT("toml"),       STR_INIT("ts"),
	STR_INIT("tsx"),        STR_INIT("txt"),        STR_INIT("typescript"),
	STR_INIT("vim"),        STR_INIT("vue"),        STR_INIT("xml"),
	STR_INIT("yaml"),       STR_INIT("yml"),        STR_INIT("zig"),
	STR_INIT("zsh"),
};

static int compare_nocase(const void *key, const void *item)
{
	const struct str *a = key, *b = item;
	int order = strncasecmp(a->ptr, b->ptr, MIN_OF(a->len, b->len));

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

struct str language_allowed(struct str info)
{
	size_t len = 0;
	struct str word;
	const struct str *found;

	while (len < info.len && !strchr(" \t,{:", info.ptr[len]))
		len++;
	word = str_slice(info, 0, len);
	if (!word.len)
		return STR_EMPTY;
	found = bsearch(&word, languages, ARRAY_LEN(languages), sizeof(*languages), compare_nocase);
	return found ? *found : STR_EMPTY;
}

bool link_is_allowed(struct str url)
{
	static const char plain[] = "-._~/?#=&%+,:;";
	struct str host;
	size_t len = 0;

	if (!str_starts_nocase(url, STR("https://")))
		return false;
	host = str_skip(url, 8);
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];

		if (!ascii_is_alnum(c) && (!c || !strchr(plain, c)))
			return false;
	}
	while (len < host.len && !strchr("/?#", host.ptr[len]))
		len++;
	host = str_slice(host, 0, len);
	return host.len && bsearch(&host, hosts, ARRAY_LEN(hosts), sizeof(*hosts), compare_nocase);
}
