package searchtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
)

// script writes what happens in a world as a story that the emulated company can play:
// what people do, what fails, how time passes, and in the end who has to be in which
// group. What lies between two steps of a task can't be told there, and is a comment.
type script struct {
	*model
	state   state
	lines   []string
	trigger int // the line that set off what happens now
	slow    bool

	issues int               // how many issues were waited for
	member [2]bool           // what was waited for of each group
	status [cases + 1]string // and of each issue
	number [cases + 1]int    // of each request's issue, from 1
}

// story is the script of a counterexample. It ends the way it has to by what is
// shipped, so it fails where the fault is, and passes where it isn't.
func (c *counterexample) story() string {
	s := &script{model: newModel(c.world), state: c.start}
	s.say("# A shortest way to a broken promise, found by the search in the world %q:", c.world.name)
	s.say("# %s.", c.promise)
	if c.start.Prior[0] {
		s.act("okta add figma-editors maya")
		s.member[0] = true
	}
	for i, st := range c.steps {
		s.step(i+1, st)
	}
	s.say("# From here on all goes well.")
	for range 400 {
		st, on := s.fair(&s.state)
		if !on {
			break
		}
		s.step(0, st)
	}
	s.expect()
	return strings.Join(append(s.lines, "-- config.edits --"), "\n") + "\n" + edits(c.world)
}

func (s *script) say(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

// act is a line that sets something off.
func (s *script) act(format string, args ...any) {
	s.trigger = len(s.lines)
	s.say(format, args...)
}

// before is a line that has to stand before what sets this off.
func (s *script) before(format string, args ...any) {
	s.lines = slices.Insert(s.lines, s.trigger, fmt.Sprintf(format, args...))
	s.trigger++
}

// step tells one step, and takes it as what is shipped does.
func (s *script) step(n int, st step) {
	later := s.due(&s.state).Sub(now)
	r := s.take(&s.state, st)
	if r.happen {
		if st.act <= retries || st.act > ends_ {
			s.awaits()
			s.hurries(st)
		}
		s.tell(n, st, max(later, 0))
		s.state = r.state
		s.came(st)
	} else if n > 0 {
		s.say("# %d. %s: nothing follows", n, st)
	}
}

// parts are how many groups a request opens.
func (s *script) parts(of uint8) int {
	if s.state.Grant[of] == 0 {
		return 0
	}
	return len(s.grantAt(&s.state, int(of)).Entitlements)
}

// awaits has the story wait for what is done by now, before somebody does anything else.
// What is still to be done may be done at once, so that nothing can be said of it.
func (s *script) awaits() {
	for part, member := range s.state.Member {
		if member == s.member[part] || s.pending(uint8(part)) || part == 0 && s.state.NoGroup {
			continue
		}
		s.member[part] = member
		s.say("%sokta has %s maya", map[bool]string{false: "! "}[member], groupNames()[part])
	}
	for i := range cases {
		if s.state.Grant[i] == 0 || s.pending(0) || s.pending(1) || s.state.Issue[i] != there {
			continue
		}
		is := map[access.GrantState]string{access.GrantActive: "Granted", access.GrantEnded: "Closed"}[s.grantAt(&s.state, i).State]
		if is != "" && is != s.status[i] {
			s.say("jira IT-%d status %s", s.number[i], is)
		}
		s.status[i] = is
	}
}

// hurries says of a moment at which something is still to be done that it can't be
// played: the company does it at once.
func (s *script) hurries(st step) {
	if s.state.Queue.Len() > 0 && st.act != crashes {
		s.say("# Here %d tasks are still to be done.", s.state.Queue.Len())
	}
}

// pending tells whether anything is still to be done about a group, or an issue to open.
func (s *script) pending(part uint8) bool {
	for _, t := range s.state.Queue {
		if t.Kind == Open || t.Part == part && (t.Kind == Add || t.Kind == Remove) {
			return true
		}
	}
	return false
}

// came notes what is there without waiting: what somebody did by hand, and the issue of
// what was asked for, which is opened at once.
func (s *script) came(st step) {
	switch st.act {
	case asks:
		s.issues++
		s.number[st.of] = s.issues
		s.say("jira issues %d", s.issues)
	case takesOut, putsBack:
		s.member[st.part] = st.act == putsBack
	}
}

func groupNames() [2]string { return [2]string{"figma-editors", "figma-viewers"} }

func (s *script) tell(n int, st step, later time.Duration) {
	switch {
	case st.act <= retries:
		s.person(st)
	case st.act <= ends_:
		s.task(n, st)
	default:
		s.outside(n, st, later)
	}
}

// name is what somebody is called in the emulated company. IT is Ines there, and so is
// who makes changes by hand.
func (p person) name() string {
	return [people]string{"", "maya", "noor", "omar", "sam", "ines", "lena", "rui"}[p]
}

func (s *script) person(st step) {
	who := st.person().name()
	click := func(button string) { s.act("slack %s click '%s'", who, button) }
	reason := func() { s.act("slack %s submit reason='%s'", who, hint) }
	switch st.act {
	case asks:
		s.asksFor(s.world.asks[st.of])
	case saysYes:
		click("Approve")
	case signsIn:
		s.say("# %s signs in, and says yes by that", who)
	case saysNo:
		click("Deny")
		reason()
	case claims:
		click("I''m looking at it")
	case questions:
		click("Ask a question")
		reason()
	case replies:
		s.act("slack maya click Answer")
		s.act("slack maya submit reason='%s'", hint)
	case cancels:
		click("Cancel request")
	case nudges:
		click("Nudge")
	case keptYes, keptNo, keptWrong:
		s.slow = true
		s.say("okta fault GET /api/v1/users* delay=4s times=all")
		click(map[act]string{keptYes: "Approve", keptNo: "Deny", keptWrong: "Not justified"}[st.act])
		if st.act != keptYes {
			reason()
		}
	case judgesRight:
		click("Justified")
	case judgesWrong:
		click("Not justified")
		reason()
	case fulfils:
		s.act("slack ines click 'It''s done'")
	case takesOn:
		s.act("slack ines click 'I take it'")
	case cantDo:
		click("Can''t be done")
		reason()
	case revokes:
		s.act("slack ines '/access revoke @maya figma'")
		s.act("slack ines submit reason='%s'", hint)
	case retries:
		s.act("slack ines click 'Retry in #it-access'")
	}
}

func (s *script) asksFor(a ask) {
	switch {
	case a.emergency:
		s.say("slack maya '/access emergency'")
		s.say("slack maya submit break_glass_role='Figma · Writer' break_glass_time=4h reason='%s'", hint)
		s.act("slack maya submit typed='Figma'")
	case a.more > 0:
		s.say("slack maya click Extend")
		s.act("slack maya submit more=6h reason='%s'", hint)
	case a.role == seat:
		s.say("slack maya '/access'")
		s.act("slack maya submit app=pixelshop role=retoucher for=6h reason='%s'", hint)
	default:
		s.say("slack maya '/access'")
		s.act("slack maya submit app=figma role=%s for=6h reason='%s'", a.role, hint)
	}
}

func (s *script) task(n int, st step) {
	method := map[TaskKind]string{Add: "PUT", Remove: "DELETE"}[st.kind]
	switch st.act {
	case opensUnheard:
		s.before("jira fault POST /rest/servicedeskapi/request after=yes drop=yes")
	case doesUnheard:
		s.before("okta fault %s /api/v1/groups/ after=yes drop=yes", method)
	case isRefused:
		if s.parts(st.of) > 1 {
			s.say("# %d. %s: which of several can't be played", n, st)
			return
		}
		s.before("okta fault %s /api/v1/groups/*/users/* status=403", method)
	case establishes:
		if s.slow {
			s.act("okta clear")
		}
	case begins, does, ends_:
		s.say("# %d. %s", n, st)
	}
}

func (s *script) outside(n int, st step, later time.Duration) {
	group := groupNames()[st.part%2]
	switch st.act {
	case crashes:
		s.act("bot restart")
	case passes:
		s.act("clock +%s", later)
	case sleeps:
		s.act("bot stop")
		s.act("clock +%s", later)
	case wakes:
		s.act("bot start")
	case takesOut:
		s.act("okta remove %s maya", group)
	case putsBack:
		s.act("okta add %s maya", group)
	case deletesIssue:
		s.act("jira ines deletes IT-%d", st.of+1)
	case deletesGroup:
		s.act("okta delete figma-editors")
	case addressMoves:
		s.act("okta account maya login=maya.berg last=Berg")
		s.act("okta hire maya first=Maya last=Other department=Finance")
		s.act("okta add figma-editors maya")
	case bossChanges:
		s.act("okta account maya manager=%s", st.person().name())
	default:
		s.say("# %d. %s", n, st)
	}
}

// expect is how it has to end.
func (s *script) expect() {
	s.awaits()
	for part, member := range s.state.Member {
		if part == 0 && s.state.NoGroup {
			continue
		}
		s.say("%sokta has %s maya", map[bool]string{false: "! "}[member], groupNames()[part])
	}
	s.say("jira issues %d", s.issues)
}

// edits make the emulated company's configuration that of a world.
func edits(w world) string {
	const short = `duration: {choices: [6h], default: 6h, max: 10h}`
	lines := []string{
		`- {id: viewer, name: Viewer, description: See and comment., groups: ["okta:figma-viewers"], route: everyday} => - {id: viewer, name: Viewer, groups: ["okta:figma-editors"], route: everyday, ` + short + `}\n      - {id: writer, name: Writer, groups: ["okta:figma-editors"], route: manager-then-owner, break_glass: true, ` + short + `}`,
		`- {id: editor, name: Editor, description: Draw and publish., groups: ["okta:figma-editors"]} => - {id: editor, name: Editor, groups: ["okta:figma-editors", "okta:figma-viewers"], route: everyday, ` + short + `}`,
		`groups: ["okta:figma-admins"] => groups: ["okta:figma-editors"]`,
		`duration: {choices: [4h, 1d], default: 1d, max: 1d} => ` + short,
		`  manager-then-owner: [manager, owner] =>   manager-then-owner: [manager, omar@acme.example]`,
		`anchor: "@every 24h" => anchor: never`,
		`description: Order and download retouched photos.} => route: everyday, ` + short + `}`,
	}
	if w.lapse > 0 {
		lines = append(lines, fmt.Sprintf("lapse: {brief: 2d, ordinary: 7d, long: 14d} => lapse: %dh", w.lapse/time.Hour))
	}
	return strings.Join(lines, "\n") + "\n"
}

// String is a step in words.
func (st step) String() string {
	words := [acts]string{
		asks: "asks", saysYes: "says yes", saysNo: "says no", signsIn: "says yes by signing in", claims: "looks at it", questions: "asks a question", replies: "replies", cancels: "cancels", nudges: "nudges whoever decides", reassigns: "has somebody else decide",
		keptYes: "says yes, and a directory is silent", keptNo: "says no, and a directory is silent", judgesRight: "finds it right", judgesWrong: "finds it wrong",
		keptWrong: "finds it wrong, and a directory is silent", fulfils: "confirms", takesOn: "takes it on", cantDo: "says that it can't be done", revokes: "ends it", retries: "tries again",
		opens: "opens the issue", opensUnheard: "opens the issue, and the answer is lost", finds: "finds who is asked", establishes: "finds out whether an answer counts",
		changes: "changes the group", begins: "is about to change the group", does: "changes the group, and reads it back", doesUnheard: "changes the group, and the answer is lost",
		isRefused: "is refused to change the group", ends_: "notes what was done", crashes: "the bot crashes", passes: "time passes", sleeps: "time passes while the bot is down",
		wakes: "the bot does what is due", takesOut: "somebody takes her out by hand", putsBack: "somebody puts her back by hand", surveys: "the directory is compared",
		deletesIssue: "the issue is deleted", deletesGroup: "the group is deleted", addressMoves: "her address goes to somebody new", bossChanges: "somebody else decides", doubts: "the store is rebuilt from a record that may be old",
		goesAway: "somebody has another one decide for them, or doesn't any more", tightens: "the group is privileged from now on",
	}
	kinds := map[TaskKind]string{Add: "an addition ", Remove: "a removal "}
	return fmt.Sprintf("%s%s (%d, %d)", kinds[st.kind], words[st.act], st.of+1, st.part)
}
