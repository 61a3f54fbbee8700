package idp

import (
	"log/slog"
	"net/http"

	"latchkey/clock"
)

// Environment are what a directory is opened with beside settings of its own.
type Environment struct {
	ID        string            // what groups and records call it
	InFlight  int               // how many calls it may have at the same time
	Among     func() int        // how many replicas share the vendor's limits; nil: there is no other
	Transport http.RoundTripper // the way to the vendor
	Clock     clock.Clock
	Logger    *slog.Logger
}
