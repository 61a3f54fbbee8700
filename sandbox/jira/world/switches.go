package world

import (
	"errors"
	"slices"
	"time"
)

// SetSearchLag changes how long writes stay invisible to JQL.
func (w *World) SetSearchLag(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Settings.SearchLag = d
}

// SetSearchFlap makes every n-th search forget its newest hit; 0 ends it.
func (w *World) SetSearchFlap(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Settings.SearchFlap = n
}

// RepeatPageTokens makes the next n follow-up pages of a search return the
// token they were asked with.
func (w *World) RepeatPageTokens(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.repeats = n
}

// RotateToken gives the bot a new API token; the old one is refused from then
// on.
func (w *World) RotateToken(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Accounts[w.state.bot].Token = token
}

// Permit gives the bot a permission of the project, or takes it away.
func (w *World) Permit(permission string, granted bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	bot := w.state.Accounts[w.state.bot]
	bot.Lacks = slices.DeleteFunc(slices.Clone(bot.Lacks), func(p string) bool { return p == permission })
	if !granted {
		bot.Lacks = append(bot.Lacks, permission)
	}
}

// SetWorkflow replaces the workflow. It is refused once there are issues, whose
// statuses would be lost.
func (w *World) SetWorkflow(f Workflow) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.state.InOrder) > 0 {
		return errors.New("the workflow can't be changed: there are issues in it already")
	}
	w.state.Workflow = f.clone()
	return nil
}

// Fields lists the site's fields.
func (w *World) Fields() []Field {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.state.Fields)
}
