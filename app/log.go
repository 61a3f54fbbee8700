package app

import (
	"io"
	"log/slog"
	"strings"

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
	options := &slog.HandlerOptions{Level: level}
	if strings.EqualFold(c.Log.Format, "json") {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}
