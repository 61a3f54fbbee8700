package backstop_test

import (
	"testing"

	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
)

// world is a store, a clock and an identity provider with Maya and one group.
type world struct{ *provisiontest.World }

func newWorld(t *testing.T) *world { return newWorldWith(t, nil) }

// newWorldWith makes a world whose room is configured otherwise.
func newWorldWith(t *testing.T, change func(*provisiontest.World, *provision.Config)) *world {
	t.Helper()
	return &world{provisiontest.New(t, change)}
}
