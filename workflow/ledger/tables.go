package ledger

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectOpenIssue: openIssue, access.EffectRecord: record}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		OpenTask: {Do: s.sealed(s.open)}, RecordTask: {Do: s.sealed(s.record), Overtaken: stateAgain, Doubts: true}, CommentTask: {Do: s.sealed(s.comment)}, LateTask: {Do: s.delays.look}, TellTask: {Do: s.sealed(s.unlessGone(s.delays.tell))}, LinkTask: {Do: s.link}, EndTask: {Do: s.sealed(s.ends.tell)}, SettleTask: {Do: s.sealed(s.unlessGone(s.settle)), Overtaken: stateAgain, Doubts: true},
		ReportTask: {Do: s.sealed(s.report), Payload: reportSchema()}, StateTask: {Do: s.sealed(s.unlessGone(s.state)), Overtaken: stateAgain, Doubts: true}, RenewAllTask: {Do: s.renewAll}, RenewTask: {Do: s.sealed(s.unlessGone(s.renew)), Overtaken: stateAgain, Doubts: true}, FirstTask: {Do: s.first},
		CloseTask: {Do: s.move}, StandTask: {Do: s.move}, FollowTask: {Do: s.follow}, EraseTask: {Do: s.unlessGone(s.erase), Restarts: true, Timeout: eraseTimeout},
	}
}

// Purposes say what the tasks are for, by kind.
func Purposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		OpenTask: always("open the Jira issue"), RecordTask: always("write into the Jira issue"), CommentTask: always("write a comment on the Jira issue"),
		LateTask: always("look whether access is there"), TellTask: always("write on the Jira issue that access takes its time"),
		LinkTask: always("link two issues that belong together"), EndTask: always("say in a Jira issue of its own that the access ends"), ReportTask: reportOf,
		SettleTask:   always("bring the Jira issue back to where its access stands"),
		RenewAllTask: always("have the Jira issues signed anew"), RenewTask: always("sign what the Jira issue carries anew"),
		CloseTask: always("close the Jira issue of what is over"), StandTask: always("move the Jira issue to where it stands"),
		FollowTask: followOf,
		FirstTask:  always("look whether the new Jira issue carries the signed state"),
		EraseTask:  always("erase names and words from the Jira issue"),
		StateTask:  always("write the signed state into the Jira issue"),
	}
}
