package postgres

// Unproven tells what is found of an address before anybody answers.
func Unproven(dsn string) (bool, error) {
	c, err := readAddress(dsn)
	if err != nil {
		return false, err
	}
	return unproven(&c.ConnConfig.Config), nil
}
