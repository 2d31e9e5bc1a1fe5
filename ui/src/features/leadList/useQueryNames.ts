import { useQuery } from '@tanstack/react-query';
import type { ActivityType, CustomField } from '#/shared/api/types';
import { activityTypesQuery, fieldsQuery, leadStatusesQuery, pipelinesQuery } from '#/shared/requests/setup';
import { templatesQuery } from '#/shared/requests/templates';
import { userName, usersQuery } from '#/shared/requests/users';
import type { Names } from './completion';
import { smartViewsQuery } from './smartViews';

/** The names that a query can say, read once somebody is about to write one. What cannot be read is not suggested. */
export function useQueryNames(enabled: boolean): Names {
  const statuses = useQuery({ ...leadStatusesQuery, enabled });
  const pipelines = useQuery({ ...pipelinesQuery, enabled });
  const users = useQuery({ ...usersQuery, enabled });
  const templates = useQuery({ ...templatesQuery(false), enabled, staleTime: 60_000 });
  const views = useQuery({ ...smartViewsQuery, enabled });
  const lead = useQuery({ ...fieldsQuery('lead'), enabled });
  const contact = useQuery({ ...fieldsQuery('contact'), enabled });
  const opportunity = useQuery({ ...fieldsQuery('opportunity'), enabled });
  const activityTypes = useQuery({ ...activityTypesQuery, enabled });
  return {
    leadStatuses: statuses.data?.map(({ label }) => label) ?? [],
    opportunityStatuses: [...new Set(pipelines.data?.flatMap((pipeline) => pipeline.statuses.map(({ label }) => label)) ?? [])],
    users: users.data?.map(userName) ?? [],
    templates: templates.data?.map(({ name }) => name) ?? [],
    views: views.data?.filter(({ type }) => type === 'lead').map(({ name }) => name) ?? [],
    custom: { lead: customNames(lead), contact: customNames(contact), opportunity: customNames(opportunity), custom_activity: customNames({ data: activityFields(activityTypes.data) }) },
  };
}

/** The fields of all kinds of custom activities, one of each name. */
const activityFields = (types: ActivityType[] = []) => [...new Map(types.flatMap(({ fields }) => fields).map((field) => [field.name, field])).values()];
const customNames = ({ data = [] }: { data?: CustomField[] | undefined }) => data.map(({ name, type, choices }) => ({ name, type, choices: choices ?? [] }));
