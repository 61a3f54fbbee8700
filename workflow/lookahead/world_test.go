package lookahead_test

import (
	"testing"

	"latchkey/workflow/provision/provisiontest"
)

// world is a store, a clock and an identity provider with Maya and one group.
type world struct{ *provisiontest.World }

// newRecordedWorld makes a world in which it is looked whether issues are there.
func newRecordedWorld(t *testing.T) (*world, *provisiontest.Jira) {
	t.Helper()
	w, j := provisiontest.Recorded(t)
	return &world{w}, j
}
