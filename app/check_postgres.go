package app

import (
	"context"
	"fmt"

	jiracheck "latchkey/jira/check"
	"latchkey/store/postgres"
)

// inDatabase looks at the database that the store is in.
func (i *inspection) inDatabase(ctx context.Context) {
	s, ok := i.config.Store.Settings.(postgres.Settings)
	if !ok {
		return
	}
	found, err := postgres.Inspect(ctx, s)
	if err != nil {
		i.say(jiracheck.Fault, "here", "store", err.Error())
		return
	}
	for _, fault := range found.Faults {
		i.say(jiracheck.Fault, "here", "store", fmt.Sprintf("the database %s: %s", found.Name, fault))
	}
	if len(found.Faults) > 0 {
		return
	}
	tables := "its tables are up to date"
	switch {
	case !found.Tables:
		tables = "the first start makes the tables"
	case found.Pending > 0:
		tables = fmt.Sprintf("the next start brings its tables up to date (%d steps)", found.Pending)
	}
	i.say(jiracheck.Good, "here", "store", fmt.Sprintf("the database %s answers: PostgreSQL %s, %d connections left; %s", found.Name, found.Server, found.Spare, tables))
}
