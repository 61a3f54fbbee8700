# Latchkey as a static binary in an image that holds nothing else: no shell, no
# package manager, not root. Mount config.yaml at /etc/latchkey and a volume at
# /var/lib/latchkey (store.path: /var/lib/latchkey/latchkey.db), and the signing key from
# elsewhere: a secret (evidence.key: ${file:/run/secrets/evidence.key}), made beforehand
# with latchkey evidence key create, or a second volume, where the first start makes it.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
# .git comes along: it is what latchkey version, and the evidence, name the build by.
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /latchkey . \
 && mkdir -p /state && chown 65532:65532 /state

FROM scratch
LABEL org.opencontainers.image.title="Latchkey" \
      org.opencontainers.image.description="Access requests in Slack, recorded in Jira, carried out in your identity provider" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
COPY --from=build /src/LICENSE /LICENSE
COPY --from=build /latchkey /latchkey
COPY --from=build --chown=65532:65532 /state /var/lib/latchkey
ENV ZONEINFO=/zoneinfo.zip
USER 65532:65532
VOLUME /var/lib/latchkey
# Asks the running bot through its socket; no port is opened. What a restart doesn't cure (a service that is
# away, a token that is dead) is not part of it: see latchkey health --ready.
HEALTHCHECK --interval=30s --timeout=15s --start-period=2m --retries=4 \
  CMD ["/latchkey", "health", "--config", "/etc/latchkey/config.yaml"]
ENTRYPOINT ["/latchkey"]
CMD ["run", "--config", "/etc/latchkey/config.yaml"]
