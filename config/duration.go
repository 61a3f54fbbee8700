package config

import (
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// duration reads a length of time; forever is allowed. The bool is false when
// there is none to go on with.
func duration(v value.Node) (time.Duration, bool) {
	if !v.Present() {
		return 0, false
	}
	text, ok := v.Plain()
	if !ok {
		return 0, false
	}
	d, err := catalog.ParseDuration(text)
	if err != nil {
		v.Fault("%s: %v", v.Path(), err)
		return 0, false
	}
	return d, true
}

// period reads a length of time that has an end, or gives fallback when absent.
func period(v value.Node, fallback time.Duration) time.Duration {
	d, ok := duration(v)
	if ok && d == catalog.Forever {
		v.Fault("%s can't be forever: write for example %s", v.Path(), catalog.ShortDuration(fallback))
	}
	if !ok {
		return fallback
	}
	return d
}
