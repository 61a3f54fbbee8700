package roster

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// slackbot is a bot in every workspace that doesn't say so.
const slackbot = "USLACKBOT"

// personOf reads Slack's user object (docs.slack.dev/reference/objects/user-object).
// Fields that Slack leaves out for deactivated people stay empty. level is how sure
// the address is.
func personOf(u slack.User, at workspace, level access.Assurance, now time.Time) access.Person {
	email := access.NewEmail(u.Profile.Email)
	p := access.Person{
		Email: email, Name: nameOf(u), Title: u.Profile.Title, TimeZone: u.TZ,
		Kind: kindOf(u, at), Standing: access.Active,
		Bindings: []access.Binding{{System: "slack", ID: idOf(u, at), How: "Slack's own record of the member", Level: access.AssuranceFirst, Since: now}},
	}
	if email != "" {
		p.Bindings = append(p.Bindings, access.ShownAddress(access.SystemSlack, email, level, now))
	}
	switch {
	case u.Deleted && inOtherWorkspace(u, at):
		p.Standing = access.Suspended
	case u.Deleted:
		p.Standing = access.Left
	}
	return p
}

// idOf is the id of an account: in an organisation the one that counts in all of it
// (docs.slack.dev/enterprise/developing-for-enterprise-orgs).
func idOf(u slack.User, at workspace) string {
	if at.enterprise != "" && u.Enterprise.EnterpriseID == at.enterprise && u.Enterprise.ID != "" {
		return u.Enterprise.ID
	}
	return u.ID
}

// inOtherWorkspace tells whether somebody who was deactivated in this workspace is still in
// another one of the organisation: they can't act here, and have not left.
func inOtherWorkspace(u slack.User, at workspace) bool {
	return at.enterprise != "" && u.Enterprise.EnterpriseID == at.enterprise && slices.ContainsFunc(u.Enterprise.Teams, func(team string) bool { return team != at.team })
}

func nameOf(u slack.User) string {
	return blocks.Or(u.Profile.RealName, blocks.Or(u.RealName, blocks.Or(u.Profile.DisplayName, u.Name)))
}

func kindOf(u slack.User, at workspace) access.Kind {
	switch {
	case u.IsBot, u.IsWorkflowBot, u.IsConnectorBot, u.ID == slackbot:
		return access.Bot
	case u.IsStranger, foreign(u, at):
		return access.External
	case u.IsRestricted, u.IsUltraRestricted:
		return access.Guest
	}
	return access.Employee
}

// foreign tells people of other organisations. Within one organisation a
// member's team may be another workspace than the bot's.
func foreign(u slack.User, at workspace) bool {
	if at.enterprise != "" && u.Enterprise.EnterpriseID != "" {
		return u.Enterprise.EnterpriseID != at.enterprise
	}
	return u.TeamID != "" && u.TeamID != at.team && u.TeamID != at.enterprise
}
