package app

import (
	"context"
	"net/url"
	"os"

	"latchkey/catalog/plan"
	"latchkey/config"
)

// PlanAgainstStore says what becomes different by what the store of the newer file knows: asked of the bot that
// runs on it, or found out here.
func PlanAgainstStore(ctx context.Context, before, after *config.Config) (p plan.Plan, err error) {
	admin, err := OpenAdmin(ctx, after)
	if err != nil {
		return p, err
	}
	defer func() { _ = admin.Close() }()
	form := url.Values{}
	for which, c := range map[string]*config.Config{"old": before, "new": after} {
		text, err := os.ReadFile(c.Path)
		if err != nil {
			return p, err
		}
		form.Set(which, c.Path)
		form.Set(which+".text", string(text))
	}
	err = admin.post(ctx, "/catalogue/plan", form, &p)
	return p, err
}
