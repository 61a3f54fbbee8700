# Latchkey as a static binary in an image that holds nothing else: no shell, no
# package manager, not root. Mount config.yaml at /etc/latchkey and a volume at
# /var/lib/latchkey (store.path: /var/lib/latchkey/latchkey.db), and the signing key from
# elsewhere: a secret (evidence.key: ${file:/run/secrets/evidence.key}), made beforehand
# with latchkey evidence key create, or a second volume, where the first start makes it.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /latchkey . \
 && mkdir -p /state && chown 65532:65532 /state

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build /latchkey /latchkey
COPY --from=build --chown=65532:65532 /state /var/lib/latchkey
ENV ZONEINFO=/zoneinfo.zip
USER 65532:65532
VOLUME /var/lib/latchkey
ENTRYPOINT ["/latchkey"]
CMD ["run", "--config", "/etc/latchkey/config.yaml"]
