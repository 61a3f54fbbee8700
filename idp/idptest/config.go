package idptest

import (
	"context"
	"fmt"

	"latchkey/config/value"
	"latchkey/idp"
)

// Settings are what a configuration says about a vendor in memory.
type Settings struct {
	Vendor string       // the id it was made with
	Token  value.Secret // anything
}

// Decode reads a vendor's entry under idp.
func Decode(n value.Node) Settings {
	o := n.Object("vendor", "token")
	vendor, _ := o.Get("vendor").Needed("write the id of the vendor")
	return Settings{Vendor: vendor, Token: o.Get("token").NeededToken("token: ${TOKEN}", "set any token")}
}

// Open opens the vendor as the directory that settings describe.
func (v *Vendor) Open(_ context.Context, s Settings, around idp.Environment) (idp.Directory, error) {
	if s.Vendor != v.id {
		return nil, fmt.Errorf("directory %q: there is no vendor %q, only %q: correct vendor", around.ID, s.Vendor, v.id)
	}
	return directory{v, around.ID}, nil
}
