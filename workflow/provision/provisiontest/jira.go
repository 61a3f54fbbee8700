package provisiontest

import (
	"context"
	"testing"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/provision"
)

// Jira says whether issues are there.
type Jira struct {
	Gone bool
	Err  error
	Told []string // the requests whose issue was found to be gone
}

// There is provision.Record.
func (j *Jira) There(context.Context, access.Issue) (bool, error) { return !j.Gone, j.Err }

// Recorded makes a world in which it is looked whether issues are there.
func Recorded(t *testing.T) (*World, *Jira) {
	t.Helper()
	j := &Jira{}
	return New(t, func(_ *World, c *provision.Config) {
		c.Record, c.Gone = j, func(_ *engine.Unit, request string) error {
			j.Told = append(j.Told, request)
			return nil
		}
	}), j
}
