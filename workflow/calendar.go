package workflow

import (
	"fmt"
	"slices"
	"time"

	"latchkey/workflow/engine"
)

// Calendar says when regular duties have their turns: a cron line of five
// fields, or a word like @daily, by the duty's name.
type Calendar struct {
	Zone  *time.Location // UTC when nil
	Lines map[string]string
}

// check refuses duties that there are none of.
func (c Calendar) check(duties []engine.Duty) error {
	for name := range c.Lines {
		if !slices.ContainsFunc(duties, func(d engine.Duty) bool { return d.Name == name }) {
			return fmt.Errorf("the calendar names %q, which is no regular duty", name)
		}
	}
	return nil
}
