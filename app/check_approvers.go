package app

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/roster"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	jiracheck "latchkey/jira/check"
)

// ofApprovers looks whether those sources of approvers can be read that are neither a
// directory's nor the configuration's. That one names nobody at this moment is noted: others
// would be asked in its place.
func (i *inspection) ofApprovers(ctx context.Context) {
	members := roster.New(i.services.slack, nil)
	for _, source := range i.config.Catalog.Sources() {
		switch source.Kind {
		case catalog.SlackUserGroup:
			if i.silent["slack"] {
				continue
			}
			accounts, err := members.UserGroup(ctx, source.Name)
			seen := "it can be read"
			if handle := members.UserGroupCalled(ctx, source.Name); handle != "" {
				seen = handle + " can be read"
			}
			i.source("slack", "approvers "+source.String(), seen, "member", len(accounts), err)
		case catalog.OnCall:
			who, err := i.services.onCall.OnCall(ctx, source.Name, true)
			i.source("on-call", "schedule "+source.Name, "it can be read", "person on call now", len(who), err)
		}
	}
}

func (i *inspection) source(service, check, seen, of string, n int, err error) {
	switch {
	case webapi.Code(err) == "missing_scope": // the finding about scopes says it
	case err != nil:
		i.say(jiracheck.Fault, service, check, access.Classify(err).Sentence)
	case n == 0:
		i.say(jiracheck.Note, service, check, seen+", and names nobody at the moment: others would be asked")
	case of == "member":
		i.say(jiracheck.Good, service, check, fmt.Sprintf("%s, with %s", seen, blocks.Count(n, "member")))
	default:
		i.say(jiracheck.Good, service, check, fmt.Sprintf("%s, with %s on call now", seen, blocks.Count(n, "person", "people")))
	}
}
