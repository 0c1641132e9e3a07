"""The rules that an application must meet, by requirement. The table that names them is `domain/applications`."""
