package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"latchkey/config"
	"latchkey/config/value"
)

// TestTheLogIsReadable in both formats: moments in UTC, durations as people write them, levels that were asked for, no secrets.
func TestTheLogIsReadable(t *testing.T) {
	secrets := &value.Secrets{}
	secrets.Keep("hush-hush-token")
	at := time.Date(2026, 11, 23, 14, 0, 0, 123456789, time.FixedZone("CET", 3600))
	for format, want := range map[string][]string{
		"text": {`level=INFO msg="request submitted" issue=IT-1 for=30d until=2026-11-23T13:00:00Z took=1.2ms error="it said [redacted]"`, "Z level="},
		"json": {`"msg":"request submitted","issue":"IT-1","for":"30d","until":"2026-11-23T13:00:00Z","took":"1.2ms","error":"it said [redacted]"`, `Z","level":"INFO"`},
	} {
		var out bytes.Buffer
		log := NewLogger(&config.Config{Log: config.Log{Format: format, Level: "info"}, Secrets: secrets}, &out)
		log.Debug("nobody asked for this")
		log.Info("request submitted", "issue", "IT-1", "for", 30*24*time.Hour, "until", at, slog.Duration("took", 1234567), "error", "it said hush-hush-token")
		for _, part := range want {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: %s lacks %s", format, out.String(), part)
			}
		}
		if strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%s: %s", format, out.String())
		}
	}
	for d, want := range map[time.Duration]string{970091: "970µs", 3210 * time.Millisecond: "3.21s", 250 * time.Second: "4m10s", 6 * time.Hour: "6h", 5 * time.Minute: "5m", 24 * time.Hour: "24h", 90 * time.Minute: "1h30m", 0: "0s"} {
		if got := rounded(d); got != want {
			t.Errorf("%d is %s, want %s", d, got, want)
		}
	}
}
