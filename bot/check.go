package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
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
// manifest, and the IT channel. It posts nothing.
func Check(ctx context.Context, api *slack.Client, itChannel string) []Finding {
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		return []Finding{found("bot token", "", webapi.Failure(err, webapi.Call{What: "sign in to Slack"}))}
	}
	out := []Finding{
		found("bot token", "signed in as "+me.User+" in "+me.Team, nil),
		scopesGranted(me.Header.Get("X-OAuth-Scopes")),
	}
	ch, err := messenger.FindChannel(ctx, api, itChannel)
	detail := itChannel + " is there"
	if err == nil && ch.Name != "" && !ch.IsMember {
		detail += "; the bot joins it when it first writes there"
	}
	return append(out, found("IT channel", detail, err))
}

func found(check, detail string, err error) Finding {
	if err != nil {
		return Finding{Check: check, Detail: access.Classify(err).Sentence}
	}
	return Finding{Check: check, OK: true, Detail: detail}
}

// scopesGranted compares what the token may do with the manifest.
func scopesGranted(header string) Finding {
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
