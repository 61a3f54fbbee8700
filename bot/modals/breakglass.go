package modals

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack. Never changed.
const (
	callbackBreakGlass        = "break_glass"
	callbackBreakGlassConfirm = "break_glass_confirm"

	actionIncident       = "incident"
	actionBreakGlassRole = "break_glass_role"

	blockBreakGlassRole = "break_glass_role"
	blockBreakGlassTime = "break_glass_time"
	blockIncident       = "incident"

	breakGlassTitle = "Emergency access"
	maxIncident     = 40
)

// BreakGlassTaker gives a role at once.
type BreakGlassTaker interface {
	BreakGlassMost(role catalog.Role) time.Duration
	SubmitBreakGlass(ctx context.Context, b requests.BreakGlass) (access.Request, error)
}

// BreakGlass takes a role in an emergency, in two steps: what and why, then the app's
// name typed out.
type BreakGlass struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	take    BreakGlassTaker
	signIns SignIns
	pauses  Pauses
	log     *slog.Logger
}

func (m *BreakGlass) routes() route.Table {
	return route.Table{Submissions: map[string]route.Submission{
		callbackBreakGlass:        m.submitted,
		callbackBreakGlassConfirm: m.confirmed,
	}}
}

// Open opens the first step: what, how long, why, and for which incident; of one app
// alone, if about names one. Whoever may not ask at all reads that in its place, as soon
// as it is known.
func (m *BreakGlass) Open(user, trigger, about string) {
	in := payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}
	m.respond.OpenThen(in, "open the emergency form", m.view("", about), func(ctx context.Context) (slack.ModalViewRequest, error) {
		_, err := m.respond.Person(ctx, in, "", "open emergency access")
		if refusal, ok := access.AsRefusal(err); ok {
			return blocks.Notice(breakGlassTitle, refusal.Sentence), nil
		}
		if paused := pauseText(ctx, m.pauses, m.log); err == nil && paused != "" {
			return m.view(paused, about), nil
		}
		return slack.ModalViewRequest{}, err
	})
}

func (m *BreakGlass) view(paused, about string) slack.ModalViewRequest {
	roles, more, most := m.roles(about)
	if len(roles) == 0 {
		return blocks.Notice(breakGlassTitle, "No role can be taken in an emergency here. Please ask for access in the ordinary way.")
	}
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionBreakGlassRole, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	blocks.Offer(menu, roles)
	incident := slack.NewPlainTextInputBlockElement(blocks.Plain("OPS-123", blocks.MaxPlaceholder), actionIncident)
	incident.MaxLength = maxIncident
	link := slack.NewInputBlock(blockIncident, blocks.Plain("Incident", blocks.MaxHint), blocks.Plain("The key of its ticket, if there is one. The two are linked.", blocks.MaxHint), incident)
	link.Optional = true
	body := append(pauseBlocks(paused),
		blocks.Section(":rotating_light: For when waiting does harm. You get the role without asking anybody. Everybody who would have been asked is told at once, and says afterwards whether it was right."),
		slack.NewInputBlock(blockBreakGlassRole, blocks.Plain("App and role", blocks.MaxHint), unshown(more, "For one of them, close this, and type the app's name after “emergency”."), menu),
		slack.NewInputBlock(blockBreakGlassTime, blocks.Plain("For how long", blocks.MaxHint), nil, durationMenu(breakGlassTimes(most))),
		breakGlassReason(focusedReasonInput),
		link)
	v := blocks.Modal(breakGlassTitle, "Next", "Cancel", body...)
	v.CallbackID = callbackBreakGlass
	return v
}

// roles are the roles that can be taken, of the app that is named if it has any; how many
// more don't fit; and the longest time of any.
func (m *BreakGlass) roles(about string) (options []*slack.OptionBlockObject, more int, most time.Duration) {
	apps := m.catalog().Apps()
	if app, named := FindApp(m.catalog(), about); named && slices.ContainsFunc(app.Roles, func(r catalog.Role) bool { return r.BreakGlass }) {
		apps = []catalog.App{app}
	}
	for _, app := range apps {
		for _, role := range app.Roles {
			if !role.BreakGlass || !app.Offered() {
				continue
			}
			if len(options) == maxRoles {
				more++
				continue
			}
			options = append(options, blocks.Option(app.ID+"/"+role.ID, blocks.Or(app.Name, app.ID)+" · "+blocks.Or(role.Name, role.ID), role.Description))
			most = max(most, m.take.BreakGlassMost(role))
		}
	}
	return options, more, most
}

// breakGlassTimes are the durations offered, the shortest first.
func breakGlassTimes(most time.Duration) []time.Duration {
	var out []time.Duration
	for _, d := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour} {
		if d < most {
			out = append(out, d)
		}
	}
	return append(out, most)
}

// breakGlassChoice is what the first step hands to the second, in the view's metadata.
// The reason isn't put into it: it goes on standing in its field, which holds as much as
// people may write. It is read from views that were open before that was so.
type breakGlassChoice struct {
	App      string        `json:"app"`
	Role     string        `json:"role"`
	Wanted   time.Duration `json:"wanted"`
	Reason   string        `json:"reason,omitempty"`
	Incident string        `json:"incident,omitempty"`
}

// submitted turns the first step into the second. Nothing has happened yet.
func (m *BreakGlass) submitted(_ context.Context, in payload.Interaction) ([]byte, error) {
	v := in.View.State.Values
	app, role, _ := strings.Cut(v.Choice(blockBreakGlassRole, actionBreakGlassRole), "/")
	wanted, err := catalog.ParseDuration(v.Choice(blockBreakGlassTime, actionDuration))
	if err != nil {
		return payload.FieldError(blockBreakGlassTime, "Please choose for how long.")
	}
	a, r, ok := m.catalog().Role(app, role)
	if !ok {
		return payload.FieldError(blockBreakGlassRole, appGone)
	}
	if most := m.take.BreakGlassMost(r); wanted > most {
		return payload.FieldError(blockBreakGlassTime, "In an emergency this role can be taken for "+catalog.FormatDuration(most)+" at most.")
	}
	ask := breakGlassChoice{App: app, Role: role, Wanted: wanted, Incident: blocks.Clip(strings.TrimSpace(v.Text(blockIncident, actionIncident)), maxIncident)}
	return payload.ReplaceView(ask.confirmView(a, r, reasonIn(in)))
}

func (g breakGlassChoice) confirmView(app catalog.App, role catalog.Role, reason string) slack.ModalViewRequest {
	name := blocks.Or(app.Name, app.ID)
	said := breakGlassReason(reasonInput)
	if ask, ok := said.Element.(*slack.PlainTextInputBlockElement); ok {
		ask.InitialValue = reason
	}
	v := blocks.Modal(breakGlassTitle, "Take it now", "Cancel",
		blocks.Section("*"+blocks.Escape(name+" · "+blocks.Or(role.Name, role.ID), 600)+"* "+blocks.ForHow(g.Wanted)+", now, without an approval. It is recorded and reviewed, and ends by itself."),
		typedInput(name, "take it"), said)
	v.CallbackID, v.PrivateMetadata = callbackBreakGlassConfirm, blocks.Metadata(g)
	return v
}

// breakGlassReason asks what is happening, in both steps alike, so that Slack keeps
// what was typed.
func breakGlassReason(input func(label, hint, placeholder string) *slack.InputBlock) *slack.InputBlock {
	return input("What is happening?", "Everybody who is told reads this.", "What is broken, and what will you do?")
}

// confirmed takes the role.
func (m *BreakGlass) confirmed(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var ask breakGlassChoice
	if err := json.Unmarshal([]byte(in.View.Metadata), &ask); err != nil {
		return nil, fmt.Errorf("read the second step of an emergency: %w", err)
	}
	p, err := m.respond.Person(ctx, in, "", "take a role in an emergency")
	if err != nil {
		return m.respond.Committed(ctx, "", blockTyped, err)
	}
	taking := requests.BreakGlass{
		Origin: in.View.ID, By: p, Account: in.User.ID, App: ask.App, Role: ask.Role, Wanted: ask.Wanted,
		Reason: blocks.Or(reasonIn(in), ask.Reason), Incident: ask.Incident, Typed: typedIn(in),
	}
	if app, role, _ := m.catalog().Role(ask.App, ask.Role); role.NeedsStepUp() {
		v, err := signInTaking(ctx, m.signIns, taking, app.Name+" · "+role.Name)
		if err != nil {
			return m.notTaken(ctx, err)
		}
		return payload.ReplaceView(v)
	}
	r, err := m.take.SubmitBreakGlass(ctx, taking)
	if err != nil {
		return m.notTaken(ctx, err)
	}
	return payload.ReplaceView(blocks.Modal(breakGlassTitle, "", "Close", blocks.Section("It is on its way, "+blocks.ForHow(r.Allowed)+". It begins as soon as its ticket is written, which usually takes seconds. My direct message shows when it is there.")))
}

// notTaken shows why a role wasn't taken, under the field that it is about.
func (m *BreakGlass) notTaken(ctx context.Context, err error) ([]byte, error) {
	field := blockTyped
	if refusal, ok := access.AsRefusal(err); ok && refusal.Field == "reason" {
		field = blockReason
	}
	return m.respond.Committed(ctx, "", field, err)
}
