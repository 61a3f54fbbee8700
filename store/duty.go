package store

import "time"

// Duty is something that is done by the calendar.
type Duty struct {
	Name    string
	Version uint64
	Spec    string    // the calendar it follows; a change of it is a new plan
	Last    time.Time // when it was begun last; zero for never
	Next    time.Time // when its next turn is; zero for never
}

func dutyTable() table[Duty] {
	return table[Duty]{
		kind: "duty",
		row:  func(d *Duty) Record { return Record{ID: d.Name, Version: d.Version, Due: d.Next} },
		set:  func(d *Duty, v uint64) { d.Version = v },
	}
}

// LoadDuty loads a duty. Absent: ErrNotFound.
func LoadDuty(tx Tx, name string) (Duty, error) { return dutyTable().get(tx, name) }

// PutDuty stores d at its version and raises it.
func PutDuty(tx Tx, d *Duty) error { return dutyTable().put(tx, d) }

// DropDuty forgets a duty.
func DropDuty(tx Tx, name string) error { return tx.Delete("duty", name) }
