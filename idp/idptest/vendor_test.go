package idptest_test

import (
	"log/slog"
	"testing"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
)

// TestVendorConforms also shows that a decorator conforms, and a directory that can do no more than it must.
func TestVendorConforms(t *testing.T) {
	for name, around := range map[string]func(idp.Directory) idp.Directory{
		"as it is":     func(d idp.Directory) idp.Directory { return d },
		"logged":       func(d idp.Directory) idp.Directory { return idp.Logged(d, slog.New(slog.DiscardHandler)) },
		"core":         idptest.Core,
		"core, logged": func(d idp.Directory) idp.Directory { return idp.Logged(idptest.Core(d), slog.New(slog.DiscardHandler)) },
	} {
		t.Run(name, func(t *testing.T) {
			idptest.Run(t, func(*testing.T) idptest.World {
				w := idptest.NewVendor("memory", clock.System{}).World()
				w.Directory = around(w.Directory)
				return w
			})
		})
	}
}
