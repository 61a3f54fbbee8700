package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/messenger"
	"latchkey/bot/webapi"
)

// Finding is one answer of Check.
type Finding struct {
	Check  string // what was looked at
	OK     bool
	Detail string // what was seen; if not OK, the cause and the remedy
}

// Check proves what the bot needs of Slack: the token, each scope of the
// manifest, the IT channel, and the user group that is called there, if one is. It posts
// nothing.
func Check(ctx context.Context, api *slack.Client, itChannel, itGroup string) []Finding {
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		return []Finding{found("bot token", "", webapi.Failure(err, webapi.Call{What: "sign in to Slack"}))}
	}
	out := []Finding{
		found("bot token", "signed in as "+me.User+" in "+me.Team, nil),
		scopesGranted(me.Header.Get("X-OAuth-Scopes")),
	}
	detail, err := itChannelSeen(ctx, api, itChannel)
	out = append(out, found("IT channel", detail, err))
	if itGroup == "" {
		return out
	}
	g, err := messenger.FindUserGroup(ctx, api, itGroup)
	return append(out, found("IT user group", "@"+g.Handle+" is there, with "+blocks.Count(g.UserCount, "member"), err))
}

// itChannelSeen looks at the channel, also where the configuration gives its id.
func itChannelSeen(ctx context.Context, api *slack.Client, wanted string) (string, error) {
	ch, err := messenger.FindChannel(ctx, api, wanted)
	if err != nil {
		return "", err
	}
	detail := wanted + " is there"
	if ch.Name == "" { // by its id: nobody has looked yet
		seen, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: ch.ID})
		if err != nil {
			return "", webapi.Failure(err, webapi.Call{What: "look at the channel " + wanted, Scope: "channels:read"})
		}
		if seen.IsArchived {
			return "", &access.Failure{Class: access.Rejected, Sentence: "The channel " + wanted + " is archived. Open it again, or name another one in the configuration"}
		}
		ch = *seen
		detail = "#" + ch.Name + " is there"
	}
	if !ch.IsMember {
		detail += "; the bot joins it when it first writes there"
	}
	return detail, nil
}

func found(check, detail string, err error) Finding {
	if err != nil {
		return Finding{Check: check, Detail: access.Classify(err).Sentence}
	}
	return Finding{Check: check, OK: true, Detail: detail}
}

// scopesGranted compares what the token may do with the manifest.
func scopesGranted(header string) Finding {
	if strings.TrimSpace(header) == "" { // a proxy may drop it: that is no word about the scopes
		return Finding{Check: "scopes", OK: true, Detail: "Slack's answer doesn't name them, so they could not be compared with the manifest"}
	}
	var granted []string
	for s := range strings.SplitSeq(header, ",") {
		granted = append(granted, strings.TrimSpace(s))
	}
	missing := slices.DeleteFunc(manifest.Scopes(), func(s string) bool { return slices.Contains(granted, s) })
	if len(missing) > 0 {
		return Finding{Check: "scopes", Detail: "the token lacks " + strings.Join(missing, ", ") +
			": paste the output of latchkey manifest into the app's manifest and reinstall the app"}
	}
	return Finding{Check: "scopes", OK: true, Detail: "all of the manifest are granted"}
}
