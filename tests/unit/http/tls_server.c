/* A TLS server with its own certificate. */
#include "tls_server.h"

#include <arpa/inet.h>
#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Frames of RFC 9113, 4.1: length (3), type, flags, stream (4), payload. */
enum { FRAME_HEAD_SIZE = 9, FRAME_SIZE_MAX = 16384 };
enum {
	FRAME_DATA = 0,
	FRAME_HEADERS = 1,
	FRAME_RST_STREAM = 3,
	FRAME_SETTINGS = 4,
	FRAME_GOAWAY = 7
};
enum { FLAG_END_STREAM = 1, FLAG_ACK = 1, FLAG_END_HEADERS = 4 };

struct connection {
	struct tls_server *server;
	int idx;
};

/* ---- The certificate ---- */

static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	X509V3_CTX ctx;
	X509_EXTENSION *names;

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"outcrop test",
				   -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	names = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
	X509_add_ext(cert, names, -1);
	X509_EXTENSION_free(names);
	ck_assert_int_gt(X509_sign(cert, key, EVP_sha256()), 0);
	return cert;
}

static int choose_http2(SSL *ssl, const unsigned char **out, unsigned char *out_len,
			const unsigned char *in, unsigned int in_len, void *arg)
{
	static const unsigned char offer[] = "\x02h2\x08http/1.1";

	(void)ssl;
	(void)arg;
	return SSL_select_next_proto((unsigned char **)(uintptr_t)out, out_len, offer,
				     sizeof(offer) - 1, in, in_len) == OPENSSL_NPN_NEGOTIATED
		       ? SSL_TLSEXT_ERR_OK
		       : SSL_TLSEXT_ERR_NOACK;
}

static void set_up_tls(struct tls_server *server)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = make_certificate(key);
	FILE *file;
	int fd;

	strcpy(server->ca_file, "/tmp/outcrop-test-ca-XXXXXX");
	fd = mkstemp(server->ca_file);
	ck_assert_int_ge(fd, 0);
	file = fdopen(fd, "w");
	PEM_write_X509(file, cert);
	fclose(file);
	server->ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(server->ctx, cert);
	SSL_CTX_use_PrivateKey(server->ctx, key);
	if (server->http2 != TLS_HTTP2_NONE)
		SSL_CTX_set_alpn_select_cb(server->ctx, choose_http2, NULL);
	X509_free(cert);
	EVP_PKEY_free(key);
}

/* ---- HTTP/1.1 ---- */

static void serve_http1(struct tls_server *server, SSL *ssl)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char request[8192];
	size_t len = 0;

	for (;;) {
		int got = SSL_read(ssl, request + len, (int)(sizeof(request) - 1 - len));

		if (got <= 0)
			return;
		len += (size_t)got;
		request[len] = '\0';
		if (!strstr(request, "\r\n\r\n"))
			continue;
		len = 0;
		if (atomic_fetch_add(&server->requests, 1) >= 0 && server->pause_ms)
			usleep((useconds_t)server->pause_ms * 1000);
		SSL_write(ssl, answer, sizeof(answer) - 1);
	}
}

/* ---- HTTP/2 ---- */

static bool read_fully(SSL *ssl, unsigned char *out, size_t len)
{
	while (len) {
		int got = SSL_read(ssl, out, (int)len);

		if (got <= 0)
			return false;
		out += got;
		len -= (size_t)got;
	}
	return true;
}

static void put_u32(unsigned char *out, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		out[i] = (unsigned char)(number >> (24 - 8 * i));
}

static void send_frame(SSL *ssl, int type, int flags, uint32_t stream, const void *payload,
		       size_t len)
{
	unsigned char frame[FRAME_HEAD_SIZE + 64] = {0, 0, (unsigned char)len, (unsigned char)type,
						     (unsigned char)flags};

	put_u32(frame + 5, stream);
	if (len)
		memcpy(frame + FRAME_HEAD_SIZE, payload, len);
	SSL_write(ssl, frame, (int)(FRAME_HEAD_SIZE + len));
}

/* False when the connection is over. */
static bool answer_http2(struct tls_server *server, SSL *ssl, uint32_t stream)
{
	static const unsigned char status_200[] = {0x88}; /* HPACK's static table, entry 8 */
	unsigned char numbers[8] = {0};

	switch (server->http2) {
	case TLS_HTTP2_RESETS_STREAMS:
		put_u32(numbers, 2); /* INTERNAL_ERROR */
		send_frame(ssl, FRAME_RST_STREAM, 0, stream, numbers, 4);
		return true;
	case TLS_HTTP2_GOES_AWAY:
		put_u32(numbers, stream);
		put_u32(numbers + 4, 1); /* PROTOCOL_ERROR */
		send_frame(ssl, FRAME_GOAWAY, 0, 0, numbers, 8);
		return false;
	default:
		send_frame(ssl, FRAME_HEADERS, FLAG_END_HEADERS, stream, status_200, 1);
		send_frame(ssl, FRAME_DATA, FLAG_END_STREAM, stream, "ok", 2);
		return true;
	}
}

static void serve_http2(struct tls_server *server, SSL *ssl)
{
	static const size_t preface_len = 24;
	unsigned char payload[FRAME_SIZE_MAX];
	unsigned char head[FRAME_HEAD_SIZE];
	bool paused = false;

	if (!read_fully(ssl, payload, preface_len))
		return;
	send_frame(ssl, FRAME_SETTINGS, 0, 0, NULL, 0);
	while (read_fully(ssl, head, sizeof(head))) {
		size_t len = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
		uint32_t stream = (uint32_t)head[5] << 24 | (uint32_t)head[6] << 16 |
				  (uint32_t)head[7] << 8 | head[8];

		if (len > FRAME_SIZE_MAX || !read_fully(ssl, payload, len))
			return;
		if (head[3] == FRAME_SETTINGS && !(head[4] & FLAG_ACK))
			send_frame(ssl, FRAME_SETTINGS, FLAG_ACK, 0, NULL, 0);
		if ((head[3] != FRAME_HEADERS && head[3] != FRAME_DATA) ||
		    !(head[4] & FLAG_END_STREAM))
			continue;
		atomic_fetch_add(&server->requests, 1);
		if (!paused)
			usleep((useconds_t)server->pause_ms * 1000);
		paused = true;
		if (!answer_http2(server, ssl, stream))
			return;
	}
}

/* ---- Connections ---- */

static void *serve_connection(void *arg)
{
	struct connection *connection = arg;
	struct tls_server *server = connection->server;
	SSL *ssl = SSL_new(server->ctx);
	const unsigned char *protocol = NULL;
	unsigned int len = 0;

	SSL_set_fd(ssl, server->fds[connection->idx]);
	free(connection);
	if (SSL_accept(ssl) == 1) {
		SSL_get0_alpn_selected(ssl, &protocol, &len);
		if (len == 2)
			serve_http2(server, ssl);
		else
			serve_http1(server, ssl);
		SSL_shutdown(ssl);
	}
	shutdown(SSL_get_fd(ssl), SHUT_RDWR);
	SSL_free(ssl);
	return NULL;
}

/* The wait makes it likely, no more, that the client has read its answers before. */
static void turn_away(struct tls_server *server, int fd)
{
	for (int ms = 0; ms < 10000 && atomic_load(&server->requests) < server->late; ms++)
		usleep(1000);
	if (server->late)
		usleep(100 * 1000);
	close(fd);
	atomic_fetch_add(&server->turned_away, 1);
}

static void *serve(void *arg)
{
	struct tls_server *server = arg;

	for (int i = 0; i < TLS_CONNECTIONS_MAX;) {
		struct connection *connection;
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			break;
		if (server->room && i >= server->room) {
			turn_away(server, fd);
			continue;
		}
		server->fds[i] = fd;
		connection = malloc(sizeof(*connection));
		ck_assert_ptr_nonnull(connection);
		*connection = (struct connection){server, i};
		ck_assert_int_eq(
			pthread_create(&server->threads[i], NULL, serve_connection, connection), 0);
		i++;
		atomic_fetch_add(&server->connections, 1);
	}
	return NULL;
}

void tls_server_start(struct tls_server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);

	set_up_tls(server);
	server->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(server->fd, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(server->fd, TLS_CONNECTIONS_MAX), 0);
	ck_assert_int_eq(getsockname(server->fd, (struct sockaddr *)&address, &size), 0);
	server->port = ntohs(address.sin_port);
	ck_assert_int_eq(pthread_create(&server->thread, NULL, serve, server), 0);
}

void tls_server_stop(struct tls_server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
	for (int i = 0; i < atomic_load(&server->connections); i++) {
		shutdown(server->fds[i], SHUT_RDWR);
		pthread_join(server->threads[i], NULL);
		close(server->fds[i]);
	}
	SSL_CTX_free(server->ctx);
	unlink(server->ca_file);
}
