# The image of the action: the program, the C library, and the CA certificates.
#
# Its packages come from Debian's archive, in the newest version at the time of the build.  The base is pinned by
# digest and only provides apt and its keys.  OLDER=allowed is for a mirror that lags behind (see script/libraries).
FROM debian:trixie-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132 AS tools

RUN apt-get update && apt-get install -y --no-install-recommends \
    build-essential ca-certificates cmake libcmark-gfm-dev libcmark-gfm-extensions-dev libjansson-dev libllhttp-dev \
    libnghttp2-dev libpcre2-dev libssl-dev libyaml-dev libzstd-dev meson ninja-build openssl pkg-config zlib1g-dev

FROM tools AS libraries

ARG OLDER
COPY script/libraries /source/script/
RUN OLDER="$OLDER" /source/script/libraries /libraries

FROM libraries AS build

COPY . /source
ARG COMMIT=unknown
ARG REPOSITORY
ARG SOURCE_DATE_EPOCH
RUN PKG_CONFIG_PATH=/libraries/lib/pkgconfig meson setup /build /source -Dbuildtype=release \
    -Dtests=false -Dstatic_libraries=all -Dcommit="$COMMIT" -Drepository="$REPOSITORY" \
    -Dc_link_args=-Wl,-Map=/program.map \
    && ninja -C /build src/cli/outcrop

# The last stage copies the program, the libraries that ldd finds for it, the C library's converters of Shift-JIS
# and GBK from Debian's folder, and OpenSSL's folder of certificates.  The certificates are named only by their
# hashes, so that OpenSSL reads each one that a connection needs, and reads it once.  With them go the list of what is
# in the image and its licenses.
RUN mkdir -p /image/usr/bin /image/usr/lib/ssl /image/etc/ssl/certs /image/tmp \
    && chmod 1777 /image/tmp \
    && install -s -m 755 /build/src/cli/outcrop /image/usr/bin/outcrop \
    && ldd /image/usr/bin/outcrop | grep -o '/[^ ]*' | sort -u | xargs -I{} cp -L --parents {} /image \
    && find /usr/lib -path '*/gconv/*' \( -name CP932.so -o -name GB18030.so -o -name 'gconv-modules*' \) \
       -type f -exec cp --parents {} /image \; \
    && find /etc/ssl/certs -name '*.[0-9]' -exec cp -L {} /image/etc/ssl/certs/ \; \
    && cp /etc/ssl/openssl.cnf /image/etc/ssl/openssl.cnf \
    && ln -s /etc/ssl/certs /image/usr/lib/ssl/certs \
    && ln -s /etc/ssl/openssl.cnf /image/usr/lib/ssl/openssl.cnf \
    && /source/script/sbom "$(/build/src/cli/outcrop version | sed -n 's/^outcrop //p')" /image /libraries/sources \
       /program.map >/sbom.spdx.json \
    && install -D -m 644 /sbom.spdx.json /image/usr/share/doc/outcrop/sbom.spdx.json \
    && install -m 644 /source/LICENSE /image/usr/share/doc/outcrop/ \
    && /source/script/notices /sbom.spdx.json /libraries /image/usr/share/doc/outcrop/licenses

FROM scratch
COPY --from=build /image /
ENTRYPOINT ["/usr/bin/outcrop"]
