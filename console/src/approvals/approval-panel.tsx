import {
  Button,
  DrawerBody,
  DrawerFooter,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
  Spinner,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { CallProblem } from '../shell/problem.tsx';
import { useNarrow } from '../shell/use-narrow.ts';
import { ApprovalDetail } from './approval-detail.tsx';
import { Decide } from './decide.tsx';
import { useApproval } from './use-approvals.ts';

interface ApprovalPanelProps {
  id: string | undefined;
  onClose: () => void;
}

/** One change at the right of the list; Esc and the button close it. */
export function ApprovalPanel({ id, onClose }: ApprovalPanelProps) {
  const narrow = useNarrow();
  return (
    <OverlayDrawer
      open={id !== undefined}
      position="end"
      size={narrow ? 'full' : 'medium'}
      onOpenChange={(_, { open }) => open || onClose()}
      aria-label="Change"
    >
      {id && <PanelContent key={id} id={id} onClose={onClose} />}
    </OverlayDrawer>
  );
}

function PanelContent({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useApproval(id);
  return (
    <>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={<Button appearance="subtle" aria-label="Close" icon={<DismissRegular />} onClick={onClose} />}
        >
          {data ? `Change ${data.view.approvalId}` : 'Change'}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        {error && !data && <CallProblem error={error} onRetry={refetch} />}
        {!error && !data && <Spinner label="Fetching the change…" />}
        {data && <ApprovalDetail view={data.view} card={data.card} history={data.history} />}
      </DrawerBody>
      {data && (
        <DrawerFooter>
          <Decide view={data.view} />
        </DrawerFooter>
      )}
    </>
  );
}
