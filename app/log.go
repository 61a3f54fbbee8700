package app

import (
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"latchkey/config"
	"latchkey/config/value"
)

// NewLogger writes the operator's log, without secrets.
func NewLogger(c *config.Config, w io.Writer) *slog.Logger {
	return slog.New(value.Redacting(logHandler(c, w), c.Secrets))
}

// logHandler writes at the level and in the format that were asked for.
func logHandler(c *config.Config, w io.Writer) slog.Handler {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: readable}
	if strings.EqualFold(c.Log.Format, "json") {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// readable writes times to the second, in UTC, and durations as people write them: 3.2s, 6h, and not in nanoseconds. The
// moment of a line itself has its milliseconds: several happen in a second.
func readable(groups []string, a slog.Attr) slog.Attr {
	switch {
	case a.Value.Kind() == slog.KindDuration:
		a.Value = slog.StringValue(rounded(a.Value.Duration()))
	case a.Value.Kind() != slog.KindTime:
	case len(groups) == 0 && a.Key == slog.TimeKey:
		a.Value = slog.StringValue(a.Value.Time().UTC().Format("2006-01-02T15:04:05.000Z"))
	default:
		a.Value = slog.StringValue(a.Value.Time().UTC().Format(time.RFC3339))
	}
	return a
}

// rounded leaves out what nobody reads of a duration: 970µs, 3.21s, 4m10s, 6h, 30d.
func rounded(d time.Duration) string {
	switch {
	case d >= time.Minute:
		d = d.Round(time.Second)
	case d >= time.Second:
		d = d.Round(10 * time.Millisecond)
	case d >= time.Millisecond:
		d = d.Round(100 * time.Microsecond)
	default:
		d = d.Round(time.Microsecond)
	}
	if days := d / (24 * time.Hour); days > 1 && d == days*24*time.Hour {
		return strconv.Itoa(int(days)) + "d"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
