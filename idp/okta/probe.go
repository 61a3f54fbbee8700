package okta

import (
	"context"
	"errors"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// look is one thing that a probe looks at.
type look struct {
	check, seen string
	without     string // what follows where the org's plan hasn't got it; "": nothing works without it
	read        func(context.Context, *sdk.Client) (*sdk.Response, error)
}

func (d *Directory) looks() []look {
	one := query.NewQueryParams(query.WithLimit(1))
	return []look{
		{"read people", "Accounts can be found.", "", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.User.ListUsers(ctx, one)
			return resp, err
		}},
		{"read groups", "Groups can be found.", "", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.Group.ListGroups(ctx, one)
			return resp, err
		}},
		{"read group rules", "Groups that rules feed can be told from those that may be changed.", "", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.Group.ListGroupRules(ctx, one)
			return resp, err
		}},
		{"read the System Log", "Last sign-ins to applications can be found.", unloggedPlan, func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.LogEvent.GetLogs(ctx, signIns("nothing", d.cfg.Clock.Now().UTC(), 1))
			return resp, err
		}},
	}
}

const unloggedPlan = "The org's plan has no System Log, or not for this token: when an application was last used is unknown here, and who joined, moved or left is noticed at the next reconciliation."

// Probe implements idp.Prober.
func (d *Directory) Probe(ctx context.Context) ([]idp.Finding, error) {
	var findings []idp.Finding
	for _, l := range d.looks() {
		f := idp.Finding{Check: l.check, OK: true, Detail: l.seen}
		err := d.call(ctx, l.check, func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			resp, err := l.read(ctx, c)
			f.Detail += share(resp)
			return resp, err
		})
		plan := notLicensed{}
		switch {
		case errors.Is(err, context.Canceled):
			return findings, err
		case errors.As(err, &plan) && l.without != "":
			f.Note, f.Detail = true, l.without
		case err != nil:
			f.OK, f.Detail = false, err.Error()
		}
		findings = append(findings, f)
	}
	findings = append(findings, d.changes(ctx), d.rights(ctx))
	if d.cfg.SignInClient != "" {
		findings = append(findings, d.proveSignIn(ctx))
	}
	return findings, ctx.Err()
}

// proveSignIn begins a sign-in that nobody goes on with: whether sign_in_client is an app that can is seen then.
func (d *Directory) proveSignIn(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "people sign in", OK: true, Detail: "A sign-in with a code can be begun."}
	if _, err := (signInApp{d}).BeginSignIn(ctx); err != nil {
		f.OK, f.Detail = false, err.Error()
	}
	return f
}

// share says how much of the rate limit the token has: Okta names the limit that
// counts for this token, which for a new one is half of what the organisation has
// (help.okta.com, "API token management", "Set token rate limits").
func share(resp *sdk.Response) string {
	if resp == nil || resp.Response == nil || resp.Header.Get("X-Rate-Limit-Limit") == "" {
		return ""
	}
	return " This token may make " + resp.Header.Get("X-Rate-Limit-Limit") + " such calls a minute; raise its share under Security > API > Tokens if that is too few."
}
