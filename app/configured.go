package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/config"
)

// configured looks whether the configuration is enough for what there is.
func (a *App) configured(ctx context.Context) error {
	if len(a.config.MissingSecrets) > 0 {
		now, err := config.Load(a.config.Path, os.LookupEnv, Backends())
		if err == nil && now.RequireSecrets() != nil {
			return &access.Failure{Class: access.Rejected, Sentence: now.RequireSecrets().Error()}
		}
	}
	return a.ends(ctx)
}

// ends looks whether everything that is given can be taken away again.
func (a *App) ends(ctx context.Context) error {
	count, err := a.workflow.Unserved(ctx)
	if err != nil || len(count) == 0 {
		return err
	}
	var said []string
	for _, id := range slices.Sorted(maps.Keys(count)) {
		said = append(said, fmt.Sprintf("%d of them in %s", count[id], id))
	}
	return &access.Failure{Class: access.Rejected, Sentence: "Access was given in a directory that is not configured any more, so nobody can take it away: " +
		strings.Join(said, ", ") + ". Put it back under idp, with the id it had"}
}
