package store

import "time"

// AccountLog is how far a directory's log of what happens to accounts has been read.
type AccountLog struct {
	Directory string
	Version   uint64
	Since     time.Time // the moment at which reading began
	After     string    // the vendor's own mark behind what was read; "" before the first entry
	Read      time.Time // when it was read to its end last
}

func accountLogs() table[AccountLog] {
	return table[AccountLog]{
		kind: "accountlog",
		row:  func(l *AccountLog) Record { return Record{ID: l.Directory, Version: l.Version} },
		set:  func(l *AccountLog, v uint64) { l.Version = v },
	}
}

// LoadAccountLog loads how far the log of a directory has been read. Absent: ErrNotFound.
func LoadAccountLog(tx Tx, directory string) (AccountLog, error) {
	return accountLogs().get(tx, directory)
}

// PutAccountLog stores l at its version and raises it.
func PutAccountLog(tx Tx, l *AccountLog) error { return accountLogs().put(tx, l) }
