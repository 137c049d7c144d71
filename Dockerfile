# The image of the action: the program, the libraries that it links, and the CA certificates.
FROM debian:trixie-slim AS build

RUN apt-get update && apt-get install -y --no-install-recommends \
    build-essential ca-certificates libcmark-gfm-dev libcmark-gfm-extensions-dev \
    libcurl4-openssl-dev libgit2-dev libjansson-dev libpcre2-dev \
    libssl-dev libyaml-dev meson ninja-build pkg-config zlib1g-dev

COPY . /source
ARG COMMIT=unknown
ARG REPOSITORY
RUN meson setup /build /source -Dbuildtype=release -Db_lto=true -Dtests=false -Dcommit="$COMMIT" \
    -Drepository="$REPOSITORY" \
    && ninja -C /build

# What the last stage copies: the program, all that ldd finds for it, the C library's converters of
# Shift-JIS and GBK where Debian has them, and OpenSSL's folder of certificates, named by their hashes, so
# that only those are read that a connection needs.  The files behind the links are copied, because
# Debian's folder points into one that the image does not have.
RUN mkdir -p /image/usr/bin /image/etc/ssl /image/tmp \
    && chmod 1777 /image/tmp \
    && install -s -m 755 /build/src/cli/outcrop /image/usr/bin/outcrop \
    && ldd /image/usr/bin/outcrop | grep -o '/[^ ]*' | sort -u | xargs -I{} cp -L --parents {} /image \
    && find /usr/lib -path '*/gconv/*' \( -name CP932.so -o -name GB18030.so -o -name 'gconv-modules*' \) \
       -type f -exec cp --parents {} /image \; \
    && cp -rL /etc/ssl/certs /image/etc/ssl/certs \
    && cp /etc/ssl/openssl.cnf /image/etc/ssl/openssl.cnf \
    && mkdir -p /image/usr/lib/ssl \
    && ln -s /etc/ssl/certs /image/usr/lib/ssl/certs \
    && ln -s /etc/ssl/openssl.cnf /image/usr/lib/ssl/openssl.cnf \
    && /source/script/sbom "$(/build/src/cli/outcrop version | sed -n 's/^outcrop //p')" /image >/sbom.spdx.json \
    && install -D -m 644 /sbom.spdx.json /image/usr/share/doc/outcrop/sbom.spdx.json

FROM scratch
COPY --from=build /image /
ENTRYPOINT ["/usr/bin/outcrop"]
