package app

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/messenger"
	"latchkey/catalog"
	jiracheck "latchkey/jira/check"
)

// memberPage is how many members of a channel are asked for at once: fewer than a thousand (docs.slack.dev/reference/methods/conversations.members).
const memberPage = 999

// ofRouteChannels notes approvers who are asked in a channel that they are not in: nobody would tell them. Where the
// channel can't be read, the finding about it says so.
func (i *inspection) ofRouteChannels(ctx context.Context, seen *seer) {
	if i.silent["slack"] {
		return
	}
	channels := messenger.NewChannels(i.services.slack)
	by := map[string][]string{} // addresses of approvers by the channel in which they are asked
	for _, r := range i.config.Catalog.Routes() {
		for _, s := range r.Deciders() {
			if r.Channel != "" && s.Kind == catalog.Named && !slices.Contains(by[r.Channel], s.Person) {
				by[r.Channel] = append(by[r.Channel], s.Person)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(by)) {
		ch, err := channels.Find(ctx, name)
		if err != nil {
			continue
		}
		in, err := i.membersOf(ctx, ch.ID)
		if err != nil {
			i.say(jiracheck.Note, "slack", "channel "+name, "who is in it can't be read, so it is unknown whether the approvers are who are asked there")
			continue
		}
		var outside []string
		for _, address := range by[name] {
			if p, err := seen.members.MemberByEmail(ctx, access.NewEmail(address)); err == nil && !slices.Contains(in, p.Account(access.SystemSlack)) {
				outside = append(outside, address)
			}
		}
		if len(outside) > 0 {
			i.say(jiracheck.Note, "slack", "channel "+name, strings.Join(outside, ", ")+" is asked there and isn't in it, so nobody tells them: invite them, or take the channel out of the route")
		}
	}
}

// membersOf are the ids of everybody in a channel.
func (i *inspection) membersOf(ctx context.Context, channel string) (all []string, err error) {
	seen := map[string]bool{}
	for cursor := ""; ; {
		page, next, err := i.services.slack.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: memberPage})
		if err != nil {
			return nil, err
		}
		if all = append(all, page...); next == "" || seen[next] {
			return all, nil
		}
		seen[next], cursor = true, next
	}
}
