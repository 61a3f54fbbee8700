package messenger

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/webapi"
)

// userGroup finds the user group of those of IT who have to act, once.
type userGroup struct {
	api    *slack.Client
	log    *slog.Logger
	wanted string

	mu    sync.Mutex
	found cards.ITGroup
}

// find finds it. Whatever keeps it from being found keeps no card from being shown: that
// names the group, then, and calls nobody.
func (g *userGroup) find(ctx context.Context) cards.ITGroup {
	if handleOf(g.wanted) == "" {
		return cards.ITGroup{}
	}
	g.mu.Lock()
	found := g.found
	g.mu.Unlock()
	if found.ID != "" {
		return found
	}
	seen, err := FindUserGroup(webapi.WithoutWaiting(ctx), g.api, g.wanted)
	if err != nil {
		g.log.WarnContext(ctx, "The user group that slack.it_group names can't be called", "error", err)
		if isGroupID(g.wanted) {
			return cards.ITGroup{}
		}
		return cards.ITGroup{Handle: handleOf(g.wanted)}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.found = cards.ITGroup{ID: seen.ID, Handle: seen.Handle}
	return g.found
}

// isGroupID tells an id from a handle, which has no capitals.
func isGroupID(s string) bool { return strings.HasPrefix(s, "S") }

func handleOf(wanted string) string { return strings.ToLower(strings.Trim(wanted, "@ ")) }

// FindUserGroup finds a user group that is in use, by its id, or by its handle with or without
// @. See docs.slack.dev/reference/methods/usergroups.list.
func FindUserGroup(ctx context.Context, api *slack.Client, wanted string) (slack.UserGroup, error) {
	all, err := api.GetUserGroupsContext(ctx)
	if webapi.Code(err) == "plan_upgrade_required" {
		return slack.UserGroup{}, &access.Failure{Class: access.Rejected, Err: err, Sentence: "The workspace's plan has no user groups, so " + wanted + " can't be called: take slack.it_group out of the configuration"}
	}
	if err != nil {
		return slack.UserGroup{}, webapi.Failure(err, webapi.Call{What: "look for the user group " + wanted, Scope: "usergroups:read"})
	}
	for _, g := range all {
		if g.DateDelete == 0 && (g.ID == wanted || strings.EqualFold(g.Handle, handleOf(wanted))) {
			return g, nil
		}
	}
	return slack.UserGroup{}, &access.Failure{Class: access.Rejected, Sentence: "No user group in use is called " + wanted + ": write its handle as Slack shows it, or its id, under slack.it_group; or create it, or switch it on again if it was disabled"}
}
