package config

import "latchkey/config/value"

// Metrics is where metrics are served.
type Metrics struct {
	Listen string // host:port; empty: nowhere
}

// Log is what is logged, and how.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // text or json
}

func metrics(v value.Node) Metrics {
	return Metrics{Listen: v.Object("listen").Get("listen").Address()}
}

func logging(v value.Node) Log {
	o := v.Object("level", "format")
	return Log{
		Level:  o.Get("level").OneOf("info", "debug", "info", "warn", "error"),
		Format: o.Get("format").OneOf("text", "text", "json"),
	}
}
