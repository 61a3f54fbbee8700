package store

import "time"

// Tenant is which organisation, workspace or site stands behind a system's name. The
// ids of people and groups mean nothing in another one.
type Tenant struct {
	System  string // "slack", "jira" or a directory's id
	Version uint64
	Tenant  string // the id that the vendor gave it
	Since   time.Time
}

func tenants() table[Tenant] {
	return table[Tenant]{
		kind: "tenant",
		row: func(t *Tenant) Record {
			return Record{ID: t.System, Version: t.Version, Index: []string{"is:" + t.Tenant}}
		},
		set: func(t *Tenant, v uint64) { t.Version = v },
	}
}

// LoadTenant is what stands behind a system's name. Absent: ErrNotFound.
func LoadTenant(tx Tx, system string) (Tenant, error) { return tenants().get(tx, system) }

// TenantNamed is the system that a tenant is behind. Absent: ErrNotFound.
func TenantNamed(tx Tx, tenant string) (Tenant, error) { return tenants().first(tx, "is:"+tenant) }

// PutTenant stores t at its version and raises it.
func PutTenant(tx Tx, t *Tenant) error { return tenants().put(tx, t) }
