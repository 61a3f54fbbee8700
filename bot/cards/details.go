package cards

import (
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/workflow/query"
)

// Details is all that is known of a request, for the reader: what a card has no room for.
// A decision may be asked of them at this moment; then the buttons for it are there, too.
func Details(c access.Case, known query.Background, reader access.Person, cfg Config) []slack.Block {
	b := approverCard{builder{naming: naming{c, reader, known.People}, Config: cfg}, known}
	var m blocks.MessageBuilder
	m.Say("*" + blocks.Escape(b.title(), blocks.MaxName*3) + "*")
	m.Facts(
		blocks.Labelled("Who", blocks.Lines(append([]string{blocks.Escape(b.name(b.Request.Beneficiary), 2*blocks.MaxName)}, recognised(b.Beneficiary)...)...)),
		blocks.Labelled("Manager", b.managerLine()),
		blocks.Labelled("How long", blocks.Escape(b.howLong(), blocks.MaxName)),
		blocks.Labelled("Risk", riskWord(b.Role.Risk)),
		blocks.Labelled("Asked by", b.proxyLine()),
	)
	m.Quote("Reason", b.Request.Reason)
	m.Say(b.opensAll())
	m.Note(b.teamLine())
	m.Note(b.earlierLine())
	m.Note(b.historyLine())
	m.Say(b.decisions())
	dialogue{b.builder}.conversation(&m)
	if b.mayAnswer() {
		m.Buttons(blocks.Spoken(b.about(), cfg.MoreButtons(b.Request, b.Role)...)...)
	}
	m.Note(b.ticket(), "Asked "+blocks.When(b.Request.Created))
	return m.Blocks()
}

func (b approverCard) managerLine() string {
	if b.Beneficiary.Manager == "" {
		return ""
	}
	return blocks.Escape(b.you(b.Beneficiary.Manager), 500)
}

func (b approverCard) proxyLine() string {
	if !b.proxied() {
		return ""
	}
	return blocks.Escape(b.name(b.Request.Requester), 500)
}

// opensAll says what a yes would change, group by group.
func (b approverCard) opensAll() string {
	if b.Request.Unlisted != "" {
		return b.opens()
	}
	lines := []string{blocks.Sentence(blocks.Escape(b.Role.Description, 600))}
	if len(b.Role.Groups) == 0 {
		lines = append(lines, "The change is made manually, by "+b.fulfillers()+".")
	} else {
		lines = append(lines, "Opens "+blocks.Count(len(b.Role.Groups), "group")+": "+GroupNames(b.Role.Groups))
	}
	return strings.Join(blocks.NonBlank(lines...), "\n")
}
