package app

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"latchkey/config"
)

// ErrNotRunning tells that no bot runs on the store.
var ErrNotRunning = errors.New("Latchkey does not run here: start it with latchkey run, as the user whose file the store is")

// AskHealth asks the bot that runs here how it is: whether a restart might cure something and, if ready, also what it
// takes to serve people. Where none runs that is ErrNotRunning; the store is never opened.
func AskHealth(ctx context.Context, c *config.Config, ready bool) (all []HealthCheck, err error) {
	bot := askBot(ctx, c)
	if bot == nil {
		return nil, ErrNotRunning
	}
	defer func() { err = errors.Join(err, bot.Close()) }()
	asked := url.Values{}
	if ready {
		asked.Set("ready", "yes")
	}
	err = bot.ask(ctx, http.MethodGet, "/health", asked, &all)
	return all, err
}

// health is how the bot is that answers here.
func (s adminServer) health(r *http.Request) (any, error) {
	if s.checks == nil {
		return nil, ErrNotRunning
	}
	return s.checks(r.Context(), r.FormValue("ready") != ""), nil
}
