// Package commands answers the slash command: what somebody has, who has access to
// what and why, and what waits. Without a subcommand it opens the request form.
package commands

import (
	"log/slog"
	"time"

	"latchkey/bot/lists"
	"latchkey/bot/modals"
	"latchkey/bot/respond"
	"latchkey/catalog"
)

// Config is what the commands need; all of it.
type Config struct {
	Respond  *respond.Responder
	Modals   *modals.Modals
	Lists    *lists.Lists
	Query    Query
	Controls Controls
	People   People
	May      Authority
	Seats    Seats
	Catalog  func() *catalog.Catalog
	Command  string // the slash command, for help
	Logger   *slog.Logger
	Now      func() time.Time
}

// Commands answers the slash command.
type Commands struct {
	respond  *respond.Responder
	modals   *modals.Modals
	lists    *lists.Lists
	query    Query
	controls Controls
	people   People
	may      Authority
	seats    Seats
	catalog  func() *catalog.Catalog
	command  string
	log      *slog.Logger
	now      func() time.Time
}

// New makes commands.
func New(cfg Config) *Commands {
	return &Commands{respond: cfg.Respond, modals: cfg.Modals, lists: cfg.Lists, query: cfg.Query, controls: cfg.Controls, people: cfg.People, may: cfg.May, seats: cfg.Seats, catalog: cfg.Catalog, command: cfg.Command, log: cfg.Logger, now: cfg.Now}
}
