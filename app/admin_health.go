package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"latchkey/config"
)

// ErrNotRunning tells that no bot runs on the store.
var ErrNotRunning = errors.New("Latchkey does not run here: start it with latchkey run, as the user whose file the store is")

// errNotAnswering tells that no bot answers here that works on a store which others may work on, too.
var errNotAnswering = fmt.Errorf("%w; where the store is a database, ask on the machine, or in the container, in which the bot runs, as its user", ErrNotRunning)

// AskHealth asks the bots that run here how they are: whether a restart might cure something and, if ready, also what it
// takes to serve people. Where none runs that is ErrNotRunning; the store is never opened.
func AskHealth(ctx context.Context, c *config.Config, ready bool) (all []HealthCheck, err error) {
	sockets := socketsHere(c)
	switch {
	case len(sockets) == 0 && storeFile(c) == "":
		return nil, errNotAnswering
	case len(sockets) == 0:
		return nil, ErrNotRunning
	case len(sockets) == 1:
		return askHealthAt(ctx, sockets[0], ready)
	}
	for n, socket := range sockets {
		which := fmt.Sprintf("bot %d of %d", n+1, len(sockets))
		checks, err := askHealthAt(ctx, socket, ready)
		if err != nil {
			checks = []HealthCheck{{Name: "answer", Detail: err.Error()}}
		}
		for _, one := range checks {
			one.Name = which + ", " + one.Name
			all = append(all, one)
		}
	}
	return all, nil
}

func askHealthAt(ctx context.Context, socket string, ready bool) (all []HealthCheck, err error) {
	bot := botAt(socket)
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
