package people

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/engine"
)

// placed refuses a role that opens groups in several directories to somebody who has no account in one of them, before
// anybody is asked for what could be given in part only. A directory that can't tell now keeps nobody from asking.
func (v verification) placed(ctx context.Context, asks access.PersonID, holder access.Person, ref catalog.RoleRef) error {
	app, role, ok := engine.Offered(ctx, v.catalog).Role(ref.App, ref.Role)
	all := role.Directories()
	if !ok || len(all) < 2 || app.Provisioning == catalog.Manual {
		return nil
	}
	for _, directory := range all {
		lack := v.lack(ctx, holder, directory)
		if lack == "" {
			continue
		}
		whose, their := "yours", "for you"
		if asks != holder.ID {
			whose, their = "that of "+holder.Display(), "for them"
		}
		return access.Refuse(access.Unproved, "role", fmt.Sprintf("%s · %s is set up in %s, and %s. Nobody was asked and nothing was given. Ask IT to make or confirm an account there %s, then ask again.",
			app.Name, role.Name, strings.Join(all, " and "), fmt.Sprintf(lack, directory, whose), their))
	}
	return nil
}

// lack says what keeps an account of somebody in a directory from being given anything: a sentence with places for the
// directory and whose it is; "" for nothing that is known.
func (v verification) lack(ctx context.Context, p access.Person, directory string) string {
	d, configured := v.known.dirs.Get(directory)
	if !configured {
		return ""
	}
	key := accountKey{directory, p.ID}
	found, cached := v.known.cache.account(key)
	if !cached {
		l := v.known.cache.begin()
		var err error
		if found, err = v.known.accountOf(ctx, d, p); errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrAmbiguous) {
			return "%s shows no account that is known to be %s"
		}
		if err != nil {
			return ""
		}
		v.known.cache.keepAccount(key, found, l)
	}
	if found.Status != idp.Active {
		return "the account in %s that is %s can't be used there"
	}
	return ""
}
