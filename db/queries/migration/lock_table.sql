-- One migrator at a time, until the transaction ends; nobody but the owner can hold this.
LOCK TABLE diary.migration IN SHARE ROW EXCLUSIVE MODE
