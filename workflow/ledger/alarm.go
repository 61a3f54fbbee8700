package ledger

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Failures are the room's lines in the table of failure policies: the usual one,
// but that the record of an emergency is not waited for in silence.
func Failures(usual engine.Policy) map[string]engine.Policy {
	open := usual
	open.Soon = alarmEmergency
	return map[string]engine.Policy{OpenTask: open, RecordTask: usual, CommentTask: usual, LateTask: usual, TellTask: usual, LinkTask: usual, CloseTask: usual, StandTask: usual, FollowTask: usual, EndTask: usual, SettleTask: usual, ReportTask: usual, RenewAllTask: {}, RenewTask: usual, EraseTask: usual, StateTask: usual, FirstTask: usual}
}

// alarmEmergency tells that a human has to hear at once, and once, that the record
// of an emergency can't be opened: the access waits for it, and nobody else will
// notice that Jira is down.
func alarmEmergency(u *engine.Unit, t store.Task, _ *access.Failure) (bool, error) {
	r, err := u.Request(t.Subject.Request())
	if err != nil || !r.BreakGlass {
		return false, err
	}
	told, err := toldBefore(u.Tx, r.ID)
	return err == nil && !told, err
}

// toldBefore tells whether somebody heard already that something of a request is
// blocked.
func toldBefore(tx store.Tx, request string) (bool, error) {
	story, _, err := store.Sound(store.Story(tx, store.Filter{Subject: access.RequestSubject(request)}))
	for _, e := range story {
		if e.Kind == access.EventTaskBlocked {
			return true, err
		}
	}
	return false, err
}
